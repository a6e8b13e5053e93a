--
-- What is read from a history, against plain SQL over the rows: sums by
-- date arithmetic, no calendar function of ours on the expected side
--
SET datestyle = ISO;
SET jit = off;

\getenv test PG_ABS_SRCDIR
\i :test/lib/error_of.sql

--
-- what is promised
--
SELECT duty_history(d, a) AS h FROM (VALUES (date '2024-10-19', 1.00), ('2024-10-20', 20.00), ('2024-11-19', 300.00), ('2024-11-20', 7.00),
	('2025-09-20', 4000.00), ('2025-10-19', 50000.00), ('2025-10-20', 600000.00)) AS v (d, a) \gset
SELECT total_duties(:'h', '2024-10-20', '2025-10-19') AS in_review, peak_monthly_duty(:'h'::duty_history, '2025-10-19', 'review') AS peak,
	peak_period(:'h', '2025-10-19', 'review') AS peak_period, peak_monthly_duty(:'h'::duty_history, '2025-10-18', 'review') AS a_day_before,
	peak_monthly_duty(:'h'::duty_history, '2025-11-19', 'review') AS a_month_later;
SELECT peak_monthly_duty(:'h', as_of => '2025-10-19', basis => 'review'), required_security(:'h', 'surety_bond', as_of => '2025-10-19', basis => 'review'),
	required_security(:'h', 'cash_deposit', basis => 'review', months => 1, as_of => '2025-10-19');
SELECT * FROM monthly_duties('{2024-11-25:10,2025-02-18:-4.5,2025-02-25:1}', 'billing');
SELECT * FROM security_timeline('{2024-11-25:20000,2025-01-18:-4.5,2025-01-25:100}', 'billing', 3);
\x on
SELECT * FROM security_position(:'h', 4000, 50000, '2025-10-19', 'review');
SELECT * FROM security_position(:'h', 27159.99, 0, '2025-10-19', 'review');
SELECT * FROM security_position(:'h', NULL, NULL, '2025-10-19', 'review');
SELECT * FROM security_position(:'h', 10000000, NULL);
SELECT * FROM security_position(NULL, 10000, NULL, '2025-10-19', projected_monthly => 12345.67);
\x off

--
-- the rows
--
CREATE TEMP TABLE entry AS
SELECT h, d, a
FROM generate_series(1, 24) AS h, LATERAL generate_series(1, CASE h % 6 WHEN 0 THEN 6 WHEN 1 THEN 40 ELSE 150 END) AS n,
	LATERAL (SELECT hashint8extended(h * 1000 + n, 11) & 1073741823, hashint8extended(h * 1000 + n, 12) & 1073741823) AS r (x, y),
	LATERAL (SELECT CASE
		WHEN h = 24 THEN date '2025-01-31'
		WHEN h % 6 = 2 THEN date '2023-02-01' + (x % 300)::integer + (y % 2 * 500)::integer	-- a gap
		WHEN h % 6 = 3 THEN date '2023-10-15' + (x % 140)::integer								-- over a leap year's end of February
		ELSE date '2022-12-01' + (x % 1150)::integer END) AS dd (d),
	LATERAL (SELECT CASE
		WHEN h % 9 = 4 AND d - date '2022-12-01' < 500 THEN - (y % 100000) / 100.0		-- months in credit first
		WHEN n % 7 = 0 THEN - (y % 400000) / 100.0
		WHEN h % 4 = 1 THEN (y % 100000000) / 1000000.0
		WHEN h % 4 = 2 THEN (y % 10000000) / 1000.0
		ELSE (y % 1000000) / 100.0 END) AS aa (a);
CREATE TEMP TABLE history AS SELECT h, duty_history(d, a) AS history, min(d) AS first, max(d) AS last FROM entry GROUP BY h;
-- every cut of some months, the days around it, whole Februaries and year ends
CREATE TEMP TABLE day AS
SELECT DISTINCT cut + n AS as_of
FROM generate_series(0, 44, 2) AS m, LATERAL (SELECT (date '2022-11-01' + m * interval '1 month')::date) AS f (first),
	LATERAL unnest(ARRAY[first, first + 17, first + 19, first + 24]) AS cut, generate_series(-1, 1) AS n
UNION SELECT date '2024-02-10' + n FROM generate_series(0, 25) AS n
UNION SELECT date '2024-12-20' + n FROM generate_series(0, 20) AS n
UNION SELECT date '2025-02-20' + n FROM generate_series(0, 15) AS n;
CREATE TEMP TABLE posted (bond numeric, deposit numeric);
INSERT INTO posted VALUES (NULL, NULL), (5000, NULL), (6543.21, 0), (NULL, 321.25), (0, 20000.00), (12345.67, 1234.56), (4999.99, 100), (10000000, 0), (9999999.99, 0.01);
\i :test/lib/readings.sql

--
-- NULL in each argument
--
SELECT peak_monthly_duty(NULL::duty_history) AS history, peak_monthly_duty('{2025-01-01:1}'::duty_history, NULL) AS as_of, peak_monthly_duty('{2025-01-01:1}'::duty_history, NULL, NULL) AS basis,
	peak_monthly_duty('{2025-01-01:1}'::duty_history, NULL, 'billing', NULL) AS months;
SELECT peak_period(NULL) AS history, peak_period('{2025-01-01:1}', NULL) AS as_of, peak_period('{2025-01-01:1}', NULL, NULL) AS basis,
	peak_period('{2025-01-01:1}', NULL, 'billing', NULL) AS months, peak_period('{}') AS nothing_owed, peak_period('{2025-01-01:-1}') AS in_credit;
SELECT required_security(NULL::duty_history, 'cash_deposit') AS history, required_security('{2025-01-01:1}'::duty_history, NULL) AS form, required_security('{2025-01-01:1}'::duty_history, 'cash_deposit', NULL) AS as_of,
	required_security('{2025-01-01:1}'::duty_history, 'cash_deposit', NULL, NULL::month_basis) AS basis, required_security('{2025-01-01:1}'::duty_history, 'cash_deposit', NULL, 'billing', NULL) AS months,
	required_security(NULL::duty_history, 'cash_deposit', projected_monthly => 5) AS projected_only;
SELECT count(*) FROM monthly_duties(NULL);
SELECT count(*) FROM monthly_duties('{2025-01-01:1}', NULL);
SELECT count(*) FROM monthly_duties('{}');
SELECT count(*) FROM security_timeline(NULL);
SELECT count(*) FROM security_timeline('{2025-01-01:1}', NULL);
SELECT count(*) FROM security_timeline('{2025-01-01:1}', 'review', NULL);
SELECT count(*) FROM security_timeline('{}', until => '2025-01-01');
SELECT total_duties(NULL) AS history, total_duties('{2025-01-01:1}', NULL, NULL) AS span, total_duties('{}') AS nothing_owed;
SELECT status, posted_bond, posted_deposit, months_of_history, estimated, current_period, headroom FROM security_position(NULL, NULL, NULL);
SELECT status, current_period, headroom FROM security_position('{2025-01-01:1}', 1, 1, NULL, NULL);
SELECT status, current_period, headroom FROM security_position('{2025-01-01:1}', 1, 1, NULL, 'review', NULL);

--
-- the ends: dates, months, amounts; errors
--
SELECT peak_monthly_duty('{2025-01-01:1}'::duty_history, '4714-11-24 BC'), peak_monthly_duty('{2025-01-01:1}'::duty_history, '5874897-12-31', months => 2147483647),
	peak_monthly_duty('{4714-11-20 BC:1}'::duty_history, '5874897-12-31', 'review', 2147483647), peak_monthly_duty('{5874897-12-01:1}'::duty_history, '5874897-12-31');
SELECT total_duties('{4714-11-20 BC:1,5874897-12-25:2}', NULL, '5874897-12-31'), total_duties('{4714-11-25 BC:1,5874897-12-25:2}', '4714-11-25 BC', '5874897-12-24');
SELECT call, pg_temp.error_of('SELECT ' || call)
FROM unnest(ARRAY['peak_monthly_duty(''{}''::duty_history, ''infinity'')', 'peak_period(''{}'', ''-infinity'')', 'required_security(''{}''::duty_history, ''surety_bond'', ''infinity'')',
	'peak_monthly_duty(''{}''::duty_history, NULL, ''calendar'', 0)', 'peak_period(''{}'', NULL, ''calendar'', -1)', 'required_security(''{}''::duty_history, ''surety_bond'', months => -2147483648)',
	'peak_period(''{5874897-12-01:1}'')', 'peak_period(''{4714-11-20 BC:1}'')', 'monthly_duties(''{5874897-12-25:1}'', ''statement'')',
	'security_timeline(''{5874897-01-01:1}'')', 'security_timeline(''{2025-01-01:1}'', until => ''infinity'')', 'security_timeline(''{2025-01-01:1}'', months => 0)',
	'security_timeline(''{2025-01-01:1}'', months => 2147483647)', 'security_timeline(''{2025-01-01:1}'', until => ''5874897-12-31'')',
	'total_duties(''{}'', ''2025-01-02'')', 'total_duties(''{}'', NULL, ''2025-01-18'')', 'total_duties(''{}'', ''infinity'')', 'total_duties(''{}'', NULL, ''-infinity'')',
	'total_duties(''{}'', ''2025-02-01'', ''2025-01-17'')', 'total_duties(''{2025-01-01:1701411834604692317316873037158,2025-01-18:1}'')',
	'peak_monthly_duty(''{2025-01-01:1701411834604692317316873037158,2025-01-18:1}''::duty_history)',
	'required_security(''{2025-01-01:1701411834604692317316873037158.839}''::duty_history, ''cash_deposit'')',
	'required_security(''{2025-01-01:1701411834604692317316873037158.841}''::duty_history, ''cash_deposit'')',
	'required_security(''{2025-01-01:1}''::duty_history, ''cash_deposit'', projected_monthly => -1)', 'required_security(''{2025-01-01:1}''::duty_history, ''cash_deposit'', projected_monthly => ''NaN'')',
	'security_position(''{}'', -1, 0)', 'security_position(''{}'', 0, -0.01)', 'security_position(''{}'', 0.001, 0)', 'security_position(''{}'', 0, 1.005)', 'security_position(''{}'', ''NaN'', 0)',
	'security_position(''{}'', 0, ''Infinity'')', 'security_position(''{}'', 0, 0, projected_monthly => -5)', 'security_position(''{}'', 0, 0, months => 0)',
	'security_position(''{}'', 0, 0, ''infinity'')', 'security_position(''{}'', 0, 0, ''5874897-12-31'')', 'security_position(''{}'', 0, 0, ''5874897-11-30'')']) WITH ORDINALITY AS c (call, n)
ORDER BY n;
-- a long, thin timeline stays within its window; a month that leaves lets the next one in
SELECT count(*), max(peak), min(peak) FROM security_timeline('{0001-01-01:1,9999-12-01:2}', months => 100000);
SELECT count(*) AS rows, count(*) FILTER (WHERE peak <> 201 - least(n, 200)) AS differences
FROM (SELECT ('{' || string_agg(cut || ':' || 201 - n, ',' ORDER BY cut) || '}')::duty_history AS h
	FROM generate_series(1, 200) AS n, LATERAL (SELECT (date '2000-01-01' + (n - 1) * interval '1 month')::date) AS c (cut)) AS d,
	LATERAL security_timeline(h, months => 1) WITH ORDINALITY AS t (period, duties, peak, peak_period, required_bond, required_deposit, n) WHERE n <= 200;
SELECT peak, count(*) FROM (SELECT ('{' || string_agg(cut || ':' || 201 - n, ',' ORDER BY cut) || '}')::duty_history AS h
	FROM generate_series(1, 200) AS n, LATERAL (SELECT (date '2000-01-01' + (n - 1) * interval '1 month')::date) AS c (cut)) AS d,
	LATERAL security_timeline(h, months => 150) GROUP BY peak HAVING count(*) > 1 ORDER BY peak;
