-- What is read from the sample broker's live histories, against plain SQL over
-- its declarations: the comparisons of test/lib, with its data, and two more.
-- Each row has totals, and counts of what differs, which are 0; test/suites/demo
-- says so.

SET jit = off;
SET work_mem = '64MB';

-- every account
CREATE TEMP TABLE account AS
SELECT row_number() OVER (ORDER BY account)::integer AS h, account, history FROM duty_histories;
CREATE TEMP TABLE entry AS
SELECT h, release_date AS d, total AS a FROM declarations JOIN account USING (account) WHERE is_last;
CREATE TEMP TABLE history AS
SELECT h, history, min(d) AS first, max(d) AS last FROM account JOIN entry USING (h) GROUP BY h, history;

-- on and around the cuts of Februaries, year ends, and the last months
CREATE TEMP TABLE day AS
SELECT first + cut - 1 + n AS as_of
FROM unnest('{2022-10-01,2023-02-01,2024-02-01,2024-03-01,2025-02-01,2025-10-01,2026-01-01,2026-10-01,2026-11-01,2027-03-01}'::date[]) AS first,
	unnest('{1,18,20,25}'::integer[]) AS cut, generate_series(-1, 1) AS n;
CREATE TEMP TABLE posted (bond numeric, deposit numeric);
INSERT INTO posted VALUES (NULL, NULL), (26000, NULL), (NULL, 20000.00), (12345.67, 1234.56);
\ir ../lib/readings.sql

-- histories merged by business
CREATE TEMP TABLE business AS
SELECT number, basis, start, period, greatest(0, max(owed) OVER (PARTITION BY number, basis ORDER BY period RANGE '11 months' PRECEDING)) AS peak
FROM (SELECT bn9(account) AS number, basis, start, period, sum(owed) AS owed FROM month JOIN account USING (h) GROUP BY 1, 2, 3, 4) AS m;
SELECT count(*) AS comparisons, count(*) FILTER (WHERE peak_monthly_duty(history, pg_temp.later(period, 1) - 1, basis) IS DISTINCT FROM peak) AS rollups_by_business_differ
FROM business JOIN (SELECT bn9(account) AS number, rollup(history) AS history FROM account GROUP BY 1) AS h USING (number);

-- every way to read a history: every basis by three windows and two forms, the nearest first
CREATE TEMP TABLE reading AS
SELECT h, as_of, amount, basis, reviewed, form, peak, required, required - amount AS difference
FROM (SELECT DISTINCT f.h, as_of, basis, w.reviewed,
		(SELECT greatest(max(owed), 0) FROM month AS m WHERE m.h = f.h AND m.basis = f.basis AND period <@ w.reviewed) AS peak
	  FROM (SELECT h, basis, start, min(period) FILTER (WHERE known) AS first, max(period) FILTER (WHERE known) AS last FROM month GROUP BY 1, 2, 3) AS f
	  CROSS JOIN unnest('{2025-10-18,2025-10-19,2026-10-19,2026-11-20}'::date[]) AS as_of
	  CROSS JOIN LATERAL (VALUES (pg_temp.period(as_of + 1, start)),
		(CASE WHEN as_of >= '2025-10-19' THEN pg_temp.period(make_date(extract(year FROM as_of - 291)::integer, 10, 20), start) END)) AS u (until)
	  CROSS JOIN LATERAL (VALUES (daterange(pg_temp.later(until, -12), until)), (daterange(first, pg_temp.later(last, 1)))) AS w (reviewed)
	  WHERE until IS NOT NULL) AS r
CROSS JOIN LATERAL (VALUES ('surety_bond'::security_form, pg_temp.bond(peak)), ('cash_deposit', peak)) AS v (form, required)
CROSS JOIN unnest('{0,12345.67}'::numeric[]) AS amount;
SELECT count(*) AS comparisons, count(*) FILTER (WHERE e IS DISTINCT FROM r) AS readings_differ
FROM reading AS e
FULL JOIN (SELECT h, as_of, amount, r.basis, r.reviewed, r.form, r.peak, r.required, r.difference
		   FROM history, (SELECT DISTINCT as_of, amount FROM reading) AS d, LATERAL security_readings(history, amount, as_of) AS r) AS r
	USING (h, as_of, amount, basis, reviewed, form);
SELECT count(*) AS rows, count(*) FILTER (WHERE abs(difference) < before) AS out_of_order
FROM (SELECT difference, lag(abs(difference)) OVER (PARTITION BY h ORDER BY nth) AS before
	  FROM history, ROWS FROM (security_readings(history, 12345.67, '2026-11-20')) WITH ORDINALITY AS r (basis, reviewed, form, peak, required, difference, nth)) AS r;

-- requirements and what is unpaid: one account of one_of
\if :{?one_of} \else \set one_of 4 \endif
\c -
SET jit = off;
SET work_mem = '64MB';
CREATE TEMP TABLE account AS
SELECT n / :one_of AS h, account, history FROM (SELECT row_number() OVER (ORDER BY account)::integer AS n, account, history FROM duty_histories) AS d WHERE n % :one_of = 0;
CREATE TEMP TABLE entry AS
SELECT h, release_date AS d, total AS a FROM declarations JOIN account USING (account) WHERE is_last;
CREATE TEMP TABLE history AS
SELECT h, history, max(d) AS last FROM account JOIN entry USING (h) GROUP BY h, history;
\set some '3, 8, 12, 15'
\ir ../lib/requirements.sql
