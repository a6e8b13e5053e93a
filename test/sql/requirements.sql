--
-- The requirement in force: by enrolment, notification and annual review; the
-- position against a notified peak and under other terms; what is unpaid
--
SET datestyle = 'ISO';
\getenv test PG_ABS_SRCDIR
\i :test/lib/error_of.sql

-- the vectors: every row, and no other
CREATE TEMP TABLE vector (history duty_history, since date, notified_peak numeric, lowered boolean, until date, in_force daterange, peak numeric);
\copy vector FROM PROGRAM 'cat "$PG_ABS_SRCDIR/sql/vectors/requirements_in_force.csv"' (FORMAT csv, HEADER)
SELECT c.*, r.in_force, r.peak, r.peak = v.peak AS as_expected,
	(SELECT bool_and(peak_in_force(c.history, d, c.since, c.notified_peak, lowered => c.lowered) = v.peak) FROM unnest(ARRAY[lower(r.in_force), upper(r.in_force) - 1]) AS d) AS both_ends
FROM (SELECT DISTINCT history, since, notified_peak, lowered, until FROM vector) AS c
	CROSS JOIN LATERAL security_requirements(c.history, c.since, c.notified_peak, lowered => c.lowered, until => c.until) AS r
	FULL JOIN vector AS v ON (v.history, v.since, v.lowered, v.until, v.in_force) = (c.history, c.since, c.lowered, c.until, r.in_force)
		AND v.notified_peak IS NOT DISTINCT FROM c.notified_peak
ORDER BY c.history, c.since, c.lowered, r.in_force;

-- an importer's story: enrolled on its history, a review that finds more, one that finds less, a granted reduction
SELECT * FROM security_requirements('{2024-11-20:52000,2026-03-01:80000,2026-11-01:9000}', '2025-05-20');
SELECT in_force, reviewed_peak, peak, required_bond, forecast FROM security_requirements('{2024-11-20:52000,2026-03-01:80000,2026-11-01:9000}', '2027-06-01', 30000, until => '2028-12-31');
SELECT in_force, reviewed_peak, reviewed_period, peak, required_bond, forecast FROM security_requirements('{2024-11-20:52000,2026-03-01:80000,2026-11-01:9000}', '2025-05-20', lowered => true);
-- no history: what the importer estimates
SELECT in_force, reviewed_peak, reviewed_period, peak, required_bond, forecast FROM security_requirements(NULL, '2026-02-01', projected_monthly => 15000);
SELECT in_force, peak FROM security_requirements(NULL, '2026-02-01');
SELECT count(*) AS since, (SELECT count(*) FROM security_requirements('{}', '2026-01-01', basis => NULL)) AS basis, (SELECT count(*) FROM security_requirements('{}', '2026-01-01', lowered => NULL)) AS lowered,
	(SELECT count(*) FROM security_requirements('{}', '2026-01-01', until => '2025-12-31')) AS until_before,
	peak_in_force('{}', NULL, '2026-01-01') AS day, peak_in_force('{}', '2026-01-01', NULL) AS since_of_day, peak_in_force('{}', '2025-12-31', '2026-01-01') AS before, peak_in_force(NULL, '2026-01-01', '2026-01-01') AS no_history
FROM security_requirements('{}', NULL);

--
-- against plain SQL: seeded entries
--
CREATE TEMP TABLE entry AS
SELECT h, date '2023-01-01' + ((hashint8extended(n, h) & 1048575) % (500 * least(h, 4)))::integer AS d,
	round(((hashint8extended(n, h + 100) & 1048575) - 200000) / 10::numeric ^ (1 + n % 3), (n % 9)) AS a
FROM generate_series(1, 8) AS h, generate_series(1, 8 + 12 * h) AS n;
CREATE TEMP TABLE history AS SELECT h, duty_history(d, a) AS history, max(d) AS last FROM entry GROUP BY h UNION ALL SELECT 0, NULL, NULL;
\set some '3, 8'
\i :test/lib/requirements.sql

-- what no stream, day or history gives
SELECT stream, pg_temp.error_of(format('SELECT accounting_due(%L, stream => %L)', '2026-01-01', stream)) FROM stream ORDER BY stream;
SELECT * FROM duties_outstanding('{2026-10-18:100,2026-11-18:5}', '2026-11-26');
SELECT count(*) AS as_of, (SELECT count(*) FROM duties_outstanding('{}', '2026-01-01', NULL)) AS stream, (SELECT outstanding FROM security_position('{2026-11-18:5}')) AS without_day FROM duties_outstanding('{}', NULL);
