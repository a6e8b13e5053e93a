--
-- Periods and due dates, against plain SQL
--
SET datestyle = ISO;

--
-- what is promised
--
SELECT duty_period('2025-03-18') AS calendar,
       duty_period('2025-03-18', 'billing') AS billing,
       duty_period('2025-03-18', 'statement') AS statement,
       duty_period('2025-03-18', 'review') AS review;
SELECT d, billing_period(d), statement_date(d), payment_due(d),
       payment_due(d, 'courier_low_value'), accounting_due(d)
FROM unnest('{2026-02-17, 2026-02-18, 2026-02-28, 2026-03-01, 2026-03-17, 2026-03-18}'::date[]) AS d;
SELECT d, review_period(d), review_due(d)
FROM unnest('{2024-10-19, 2024-10-20, 2025-01-01, 2025-10-19, 2025-10-20, 0001-01-01}'::date[]) AS d;

-- Good Friday and Easter Monday of 2026; holidays on weekends move nothing
SELECT accounting_due('2026-03-31') AS without,
       accounting_due('2026-03-31', '{2026-04-03, 2026-04-06}') AS with_two,
       accounting_due('2026-03-31', '{2026-04-04, 2026-04-05}') AS weekend,
       accounting_due('2026-03-31', holidays => '{2026-03-31}') AS released_on_one;
-- any array of dates will do
SELECT accounting_due('2026-03-31', '{2026-04-06, NULL, 2026-04-03, infinity, 2026-04-03, -infinity, NULL}') AS untidy,
       accounting_due('2026-03-31', '{{2026-04-06, 2026-04-03}, {2026-04-03, NULL}}') AS square,
       accounting_due('2026-03-31', '[7:8]={2026-04-06, 2026-04-03}') AS from_seven,
       accounting_due('2026-03-31', '{NULL, NULL}') AS of_nulls,
       accounting_due('2026-03-31', '{}') AS empty;
-- a holiday that pushes the due day onto holidays, a whole year of them
SELECT accounting_due('2026-12-31', array_agg(d::date))
FROM generate_series('2027-01-01'::timestamp, '2027-12-31', '1 day') AS d;
SELECT accounting_due('2026-12-31', array_agg(d::date ORDER BY d DESC) || array_agg(d::date))
FROM generate_series('2020-01-01'::timestamp, '2027-01-10', '1 day') AS d;

-- NULL gives NULL
SELECT duty_period(NULL), duty_period('2025-01-01', NULL), billing_period(NULL),
       statement_date(NULL), payment_due(NULL), payment_due(NULL, 'courier_low_value'),
       accounting_due(NULL), accounting_due('2025-01-01', NULL),
       review_period(NULL), review_due(NULL);

-- each function is immutable, strict and parallel safe, and explained
SELECT p.oid::regprocedure AS function, provolatile, proisstrict, proparallel,
       obj_description(p.oid, 'pg_proc') IS NOT NULL AS explained
FROM pg_proc p
WHERE proname IN ('duty_period', 'billing_period', 'statement_date', 'payment_due',
                  'accounting_due', 'review_period', 'review_due')
ORDER BY p.oid::regprocedure::text COLLATE "C";

--
-- the ends of what a date can hold
--
SELECT duty_period('infinity');
SELECT billing_period('-infinity');
SELECT statement_date('infinity');
SELECT payment_due('-infinity');
SELECT payment_due('infinity', 'courier_low_value');
SELECT accounting_due('infinity');
SELECT review_period('infinity');
SELECT review_due('-infinity');
\echo :LAST_ERROR_SQLSTATE

SELECT duty_period('5874897-11-30'), duty_period('5874897-12-17', 'billing'),
       duty_period('5874897-12-24', 'statement'), duty_period('5874897-12-19', 'review');
SELECT duty_period('5874897-12-01');
\echo :LAST_ERROR_SQLSTATE
SELECT duty_period('5874897-12-18', 'billing');
SELECT duty_period('5874897-12-31', 'statement');
SELECT duty_period('5874897-12-20', 'review');
SELECT duty_period('4713-01-01 BC'), duty_period('4714-12-18 BC', 'billing'),
       duty_period('4714-11-25 BC', 'statement'), duty_period('4714-12-20 BC', 'review');
SELECT duty_period('4714-11-24 BC');
SELECT duty_period('4714-11-24 BC', 'billing');
SELECT duty_period('4714-11-24 BC', 'statement');
SELECT duty_period('4714-11-24 BC', 'review');
SELECT statement_date('5874897-12-17'), payment_due('5874897-12-17'),
       payment_due('5874897-11-30', 'courier_low_value'), accounting_due('5874897-12-24'),
       review_period('5874897-10-19'), review_due('5874896-10-19');
SELECT statement_date('5874897-12-18');
SELECT payment_due('5874897-12-18');
SELECT payment_due('5874897-12-01', 'courier_low_value');
SELECT accounting_due('5874897-12-25');
SELECT accounting_due('5874897-12-31');
SELECT review_period('5874897-10-20');
SELECT review_due('5874896-10-20');
SELECT statement_date('4714-11-24 BC'), payment_due('4714-11-24 BC'),
       payment_due('4714-11-24 BC', 'courier_low_value'), accounting_due('4714-11-24 BC'),
       review_due('4714-11-24 BC');
SELECT review_period('4714-11-24 BC');
-- more holidays than there are days left
SELECT accounting_due('5874897-12-01', array_agg('5874897-12-01'::date + n))
FROM generate_series(1, 30) AS n;

-- somebody adds to the enum: an error, not a guess
BEGIN;
ALTER TYPE month_basis RENAME VALUE 'review' TO 'fiscal';
SELECT duty_period('2025-01-01', 'fiscal');
ROLLBACK;
SELECT duty_period('2025-01-01', 'review');

--
-- the shared vectors
--
\set vectors `cat "$PG_ABS_SRCDIR/sql/vectors/payment_due.csv"`
WITH vector AS (
    SELECT split_part(line, ',', 1)::date AS period_end,
           split_part(line, ',', 2)::date AS due
    FROM string_to_table(trim(E'\n\r' FROM :'vectors'), E'\n') AS line
    WHERE line !~ '^period_end'
)
SELECT count(*) AS vectors,
       count(*) FILTER (WHERE payment_due(period_end) IS DISTINCT FROM due
                           OR payment_due((period_end - interval '1 month')::date + 1) IS DISTINCT FROM due
                           OR payment_due(period_end + 1) = due) AS differences
FROM vector;

--
-- every day of some spans, against what plain SQL makes of the rules
--
CREATE TEMP TABLE day AS
SELECT d::date AS d
FROM (VALUES (timestamp '4713-01-01 BC', timestamp '4709-12-31 BC'),
             ('0008-01-01 BC', '0012-12-31'),
             ('1895-01-01', '1905-12-31'),
             ('1996-01-01', '2060-12-31'),
             ('294200-01-01', '294205-12-31')) AS span (first, last),
     LATERAL generate_series(first, last, '1 day') AS d;

SELECT count(*) AS comparisons,
       count(*) FILTER (WHERE duty_period(d, basis) IS DISTINCT FROM
            daterange((date_trunc('month', d - (first_day - 1) + time '0:00') + (first_day - 1) * interval '1 day')::date,
                      (date_trunc('month', d - (first_day - 1) + time '0:00') + interval '1 month'
                       + (first_day - 1) * interval '1 day')::date)) AS differences
FROM day,
     (VALUES (month_basis 'calendar', 1), ('billing', 18), ('statement', 25), ('review', 20)) AS b (basis, first_day);

SELECT count(*) AS comparisons,
       count(*) FILTER (WHERE billing_period(d) <> duty_period(d, 'billing')
                           OR duty_period(d) <> duty_period(d, 'calendar')) AS differences
FROM day;

-- a billing month is known by the 17th it ends on
CREATE TEMP TABLE due AS
SELECT seventeenth, statement, tenth
FROM (SELECT DISTINCT (date_trunc('month', d + time '0:00') + n * interval '1 month' + interval '16 days')::date
      FROM day, generate_series(0, 1) AS n) AS m (seventeenth),
     LATERAL (SELECT seventeenth + 8) AS s (statement),
     LATERAL (SELECT seventeenth + n FROM generate_series(1, 20) AS n
              WHERE extract(isodow FROM seventeenth + n) < 6
              ORDER BY n OFFSET 9 LIMIT 1) AS w (tenth);

SELECT count(*) AS comparisons,
       count(*) FILTER (WHERE extract(day FROM statement) <> 25
                           OR statement_date(d) IS DISTINCT FROM statement
                           OR payment_due(d) IS DISTINCT FROM tenth) AS differences
FROM day JOIN due
  ON seventeenth >= d AND seventeenth < (d + interval '1 month')::date
 AND (extract(day FROM d) <= 17) = (date_trunc('month', seventeenth + time '0:00') = date_trunc('month', d + time '0:00'));
SELECT count(*) AS comparisons,
       count(*) FILTER (WHERE payment_due(d, 'courier_low_value') IS DISTINCT FROM tenth) AS differences
FROM day JOIN due
  ON seventeenth = (date_trunc('month', d + time '0:00') + interval '1 month' + interval '16 days')::date;

-- business days, with no holidays and with about one day in eight off
CREATE TEMP TABLE holiday AS
SELECT d AS off FROM day, LATERAL (SELECT (d - date '2000-01-01')::numeric) AS x (n)
WHERE d > '2009-01-01' AND (n * n * n + 5 * n) % 23 IN (0, 1, 5);
SELECT count(*) AS comparisons,
       count(*) FILTER (WHERE accounting_due(d) IS DISTINCT FROM fifth) AS differences,
       count(*) FILTER (WHERE accounting_due(d, holidays) IS DISTINCT FROM fifth_with) AS differences_with
FROM day,
     LATERAL (SELECT d + n FROM generate_series(1, 12) AS n
              WHERE extract(isodow FROM d + n) < 6
              ORDER BY n OFFSET 4 LIMIT 1) AS w (fifth),
     LATERAL (SELECT array_agg(off) FROM holiday WHERE off BETWEEN d - 40 AND d + 40) AS h (holidays),
     LATERAL (SELECT d + n FROM generate_series(1, 60) AS n
              WHERE extract(isodow FROM d + n) < 6 AND (d + n) <> ALL (holidays)
              ORDER BY n OFFSET 4 LIMIT 1) AS x (fifth_with)
WHERE d >= '2010-01-01' AND d < '2030-01-01';

SELECT count(*) AS comparisons,
       count(*) FILTER (WHERE review_period(d) IS DISTINCT FROM daterange(october, (october + interval '1 year')::date)
                           OR review_due(d) IS DISTINCT FROM (date_trunc('year', october + interval '2 years') + interval '14 days')::date) AS differences
FROM day,
     LATERAL (SELECT (date_trunc('year', d + time '0:00') + interval '9 months 19 days')::date) AS a (this_october),
     LATERAL (SELECT CASE WHEN d >= this_october THEN this_october
                     ELSE (this_october - interval '1 year')::date END) AS b (october)
WHERE d >= '4713-10-20 BC';

-- the calendar repeats itself every 400 years, which are whole weeks
SELECT count(*) AS comparisons,
       count(*) FILTER (WHERE lower(duty_period(d + shift, 'review')) <> lower(duty_period(d, 'review')) + shift
                           OR upper(billing_period(d + shift)) <> upper(billing_period(d)) + shift
                           OR statement_date(d + shift) <> statement_date(d) + shift
                           OR payment_due(d + shift) <> payment_due(d) + shift
                           OR payment_due(d + shift, 'courier_low_value') <> payment_due(d, 'courier_low_value') + shift
                           OR accounting_due(d + shift) <> accounting_due(d) + shift
                           OR lower(review_period(d + shift)) <> lower(review_period(d)) + shift
                           OR review_due(d + shift) <> review_due(d) + shift) AS differences
FROM generate_series(0, 146096, 7) AS n,
     LATERAL (SELECT date '2000-01-01' + n) AS day (d),
     LATERAL (SELECT 146097 * k FROM unnest('{-16, -5, 1, 729, 9000, 14680}'::int[]) AS k) AS s (shift);

DROP TABLE day, due, holiday;
