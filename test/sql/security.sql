--
-- The security that a peak requires: vectors, policy, parameters, rounding
--
\getenv test PG_ABS_SRCDIR
\i :test/lib/error_of.sql

-- terms for a form, of the figures given
CREATE FUNCTION pg_temp.terms(form security_form, rate numeric DEFAULT NULL, minimum numeric DEFAULT NULL, maximum numeric DEFAULT NULL, step numeric DEFAULT NULL)
RETURNS security_terms LANGUAGE sql STABLE AS $$
	SELECT CASE form WHEN 'surety_bond' THEN security_terms(bond_rate => rate, bond_minimum => minimum, bond_maximum => maximum, bond_step => step)
		ELSE security_terms(deposit_rate => rate, deposit_minimum => minimum, deposit_maximum => maximum) END
$$;

-- the vectors: as value, as history, by the aggregates
CREATE TEMP TABLE vector (peak numeric, form security_form, required numeric);
\copy vector FROM PROGRAM 'cat "$PG_ABS_SRCDIR/sql/vectors/required_security.csv"' (FORMAT csv, HEADER)
SELECT peak, form, required, required_security(peak, form) = required AS as_value,
	required_security(duty_history, form) = required AS as_history,
	CASE form WHEN 'surety_bond' THEN bond ELSE deposit END = required AS as_aggregate
FROM vector, LATERAL (SELECT duty_history(d, p), required_bond(d, p), required_deposit(d, p) FROM (VALUES (date '2025-02-01', peak)) AS v (d, p)) AS x (duty_history, bond, deposit)
ORDER BY form, peak;
-- to the text: two decimals
SELECT count(*) AS vectors, count(*) FILTER (WHERE required_security(peak, form)::text = required::text) AS same FROM vector;

-- what is built in (number_unicode shows the French words)
SELECT form, rate, minimum, maximum, step, in_force_since, source, certainty FROM security_policy();
-- the oldest also before it came into force
SELECT count(*) AS rows, count(*) FILTER (WHERE p IS NOT DISTINCT FROM q) AS same FROM security_policy() AS p JOIN security_policy('2001-01-01') AS q USING (form);
SELECT security_terms() AS newest, security_terms() = security_terms(on_date => '1900-01-01') AS before;
SET datestyle = 'German';
SELECT form, in_force_since FROM security_policy();
RESET datestyle;
-- is what is applied
SELECT form, count(*) AS peaks,
	count(*) FILTER (WHERE required_security(peak, form) IS DISTINCT FROM CASE WHEN peak <= 0 THEN 0
		ELSE least(maximum, greatest(minimum, round(peak * rate, 2))) END) AS differences,
	count(*) FILTER (WHERE required_security(peak, form, pg_temp.terms(form, rate, minimum, maximum)) IS DISTINCT FROM required_security(peak, form)) AS given_differs
FROM security_policy() AS p, generate_series(1, 20000) AS n,
	LATERAL (SELECT ((hashint8extended(n, 5) & 4611686018427387903) - CASE WHEN n % 5 = 0 THEN 2305843009213693952 ELSE 0 END)
		/ 10::numeric ^ (4 + n % 17)) AS x (long), LATERAL (SELECT round(long, n % 9)) AS v (peak)
GROUP BY form ORDER BY form;

-- with any terms, against numeric's own arithmetic and rounding; rates and peaks in up to eight decimals
CREATE TEMP TABLE any_terms AS
SELECT n, (ARRAY['surety_bond', 'cash_deposit']::security_form[])[1 + n % 2] AS form, peak, rate, minimum, maximum, step
FROM generate_series(1, 30000) AS n,
	LATERAL (SELECT hashint8extended(n, 6) & 4611686018427387903, hashint8extended(n, 7) & 4611686018427387903, hashint8extended(n, 8) & 4611686018427387903) AS r (a, b, c),
	LATERAL (SELECT round(a / 10::numeric ^ (4 + n % 17), n % 9), least(round(b / 10::numeric ^ (18 + n % 3), (n % 8) + 1), 1), (c % 100000) / 100.0) AS v (peak, rate, minimum),
	LATERAL (SELECT CASE WHEN n % 11 = 0 THEN 'Infinity' ELSE minimum + (c % 1000) * 10::numeric ^ (n % 9) END) AS m (maximum),
	LATERAL (SELECT CASE WHEN n % 2 = 0 AND n % 3 = 0 THEN (1 + c % 7) * 10::numeric ^ (n % 7 - 2) END) AS s (step);
SELECT count(*) AS calls, count(step) AS with_steps, count(*) FILTER (WHERE required IS DISTINCT FROM CASE WHEN peak <= 0 THEN 0 ELSE least(maximum, greatest(minimum,
		CASE WHEN step IS NULL THEN round(peak * rate, 2) ELSE (div(peak * rate, step) + (peak * rate % step > 0)::integer) * step END)) END) AS differences,
	count(*) FILTER (WHERE scale(required) <> 2) AS not_in_cents, count(*) FILTER (WHERE required = minimum) > 1000 AS many_minimum,
	count(*) FILTER (WHERE required = maximum) > 1000 AS many_maximum, count(*) FILTER (WHERE required NOT IN (minimum, maximum)) > 1000 AS many_between,
	count(*) FILTER (WHERE as_history IS DISTINCT FROM required) AS history_differs
FROM any_terms, LATERAL (SELECT pg_temp.terms(form, rate, minimum, maximum, step)) AS t (terms),
	LATERAL (SELECT required_security(peak, form, terms), required_security(duty_history(d, peak), form, terms => terms) FROM (VALUES (date '2025-02-01')) AS v (d)) AS s (required, as_history);

-- half a cent goes away from zero, and the least less does not
SELECT peak, required_security(peak, 'cash_deposit') AS deposit, round(peak, 2) AS round,
	required_security(peak * 2, 'surety_bond', security_terms(bond_minimum => 0)) AS bond,
	required_security(peak, 'surety_bond', security_terms(bond_rate => 1, bond_minimum => 0, bond_step => 0.01)) AS "up to the cent"
FROM unnest('{0.004, 0.00499999, 0.005, 0.00500001, 1.005, 1.00499999, 2.675, 12345.67500000, 12345.67499999}'::numeric[]) AS peak;

-- nothing owed, nothing required, whatever the minimum
SELECT required_security(0.00, 'surety_bond', security_terms(bond_minimum => 25000)) AS zero, required_security(-0.01, 'cash_deposit', security_terms(deposit_minimum => 25000)) AS credit,
	required_security(0.00000001, 'surety_bond', security_terms(bond_minimum => 25000)) AS least, required_security(1000.00, 'surety_bond', security_terms(bond_rate => 0, bond_minimum => 0)) AS no_rate;

-- the largest, where only the result counts
SELECT required_security(1701411834604692317316873037158.84105727, 'surety_bond') AS bond, required_security(1701411834604692317316873037158.84105727, 'cash_deposit') AS deposit,
	required_security(1701411834604692317316873037158.84105727, 'cash_deposit', security_terms(deposit_rate => 0.99999999, deposit_maximum => 7)) AS capped,
	required_security(1701411834604692317316873037158.84105727, 'surety_bond', security_terms(bond_rate => 1, bond_minimum => 0, bond_maximum => 1e30, bond_step => 1e30)) AS step,
	required_security(1701411834604692317316873037158.84105727, 'surety_bond', security_terms(bond_rate => 0.99999999, bond_maximum => 'Infinity')) AS rests,
	round(1701411834604692317316873037158.84105727 * 0.99999999, 2) AS by_numeric;
SELECT -1701411834604692317316873037158.84105727 AS peak, required_security(-1701411834604692317316873037158.84105727, 'cash_deposit') AS credit;

-- NULL in each argument
SELECT required_security(NULL::numeric, 'cash_deposit') AS peak, required_security(1.00, NULL) AS form, required_security(1.00, 'surety_bond', NULL) AS policy;

SELECT call, pg_temp.error_of('SELECT ' || call)
FROM unnest(ARRAY['security_terms(bond_rate => -0.5)', 'security_terms(deposit_rate => -0.5)', 'security_terms(bond_rate => 60)', 'security_terms(deposit_rate => 1.00000001)', 'security_terms(bond_minimum => -1)', 'security_terms(deposit_maximum => -1)', 'security_terms(bond_maximum => ''-Infinity'')',
	'security_terms(bond_step => -1)', 'security_terms(bond_step => 0)', 'security_terms(bond_step => 0.005)', 'security_terms(bond_minimum => 0.001)', 'security_terms(bond_minimum => ''Infinity'')', 'security_terms(bond_step => ''NaN'')',
	'security_terms(bond_minimum => 6, bond_maximum => 5)', 'security_terms(bond_maximum => 4999.99)', 'security_terms(bond_minimum => 10000000.01)', 'security_terms(deposit_minimum => 2, deposit_maximum => 1.99)',
	'security_terms(bond_rate => ''Infinity'')', 'security_terms(bond_rate => 0.123456789)', 'security_terms(on_date => ''infinity'')', 'security_policy(''-infinity'')',
	'required_security(1.00, ''surety_bond'', ROW(0.5, 0, 10, NULL, 1, 0, NULL)::security_terms)', 'required_security(1.00, ''surety_bond'', ROW(0.5, 11, 10, NULL, 1, 0, 0)::security_terms)',
	'security_position(''{}'', terms => ROW(0.5, 0, 10, 0, 1, 0, 0)::security_terms)', 'security_timeline(''{}'', terms => ROW(NULL, 0, 10, NULL, 1, 0, 0)::security_terms)',
	'required_security(numeric ''NaN'', ''surety_bond'')', 'required_security(numeric ''Infinity'', ''surety_bond'')', 'required_security(1.000000001, ''surety_bond'')', 'required_security(1e40, ''surety_bond'')',
	'required_security(1.00, ''surety_bond'', ROW(1.00000001, 0, 10, NULL, 1, 0, 0)::security_terms)', 'required_security(1.00, ''cash_deposit'', ROW(0.5, 0, 10, NULL, 60, 0, 0)::security_terms)',
	'required_security(1.1e30, ''surety_bond'', security_terms(bond_rate => 1, bond_maximum => ''Infinity'', bond_step => 1e30))',
	'required_security(1.00, ''letter of credit'')']) WITH ORDINALITY AS c (call, n) ORDER BY n;

-- the highest peak that is covered: by either way the next cent more isn't; NULL: any amount is
SELECT count(*) AS positions, count(*) FILTER (WHERE covered IS NULL) > 200 AS many_any, count(*) FILTER (WHERE covered > 0) > 4000 AS many_some, count(*) FILTER (WHERE bond_rate BETWEEN 0.01 AND 0.99) > 1000 AS many_usual,
	count(*) FILTER (WHERE NOT is_covered) AS not_covered, count(*) FILTER (WHERE more_is_covered) AS more_is_covered
FROM generate_series(1, 5000) AS n,
	LATERAL (SELECT hashint8extended(n, 11) & 1048575, hashint8extended(n, 12) & 1048575, hashint8extended(n, 13) & 1048575, hashint8extended(n, 14) & 1048575) AS r (a, b, c, d),
	LATERAL (SELECT least(round((a + 1) * 10::numeric ^ (n % 9 - 14), 8) + 0.00000001, 1), least(round((b + 1) * 10::numeric ^ (n % 7 - 12), 8) + 0.00000001, 1),
		round(c * 10::numeric ^ (n % 26 - 2), 2), round(CASE WHEN n % 3 = 0 THEN 0 ELSE d END * 10::numeric ^ (n % 25 - 2), 2)) AS v (bond_rate, deposit_rate, bond, deposit),
	LATERAL (SELECT covered_peak, div(deposit * 100000000, deposit_rate) * 0.00000001
		FROM security_position('{}', bond, deposit, terms => security_terms(bond_rate, 0, 'Infinity', NULL, deposit_rate, 0, 'Infinity'))) AS p (covered, share),
	LATERAL (SELECT bool_or(ok AND i = 1), bool_or(ok AND i = 2 AND covered IS NOT NULL)
		FROM (VALUES (1, coalesce(covered, 1701411834604692317316873037158.84105727)), (2, covered + 0.01)) AS w (i, peak),
			LATERAL (SELECT round(greatest(peak - share, 0) * bond_rate, 2) <= bond OR round(peak * deposit_rate, 2) <= deposit) AS o (ok)) AS o (is_covered, more_is_covered);
-- a deposit at its maximum covers any peak, one below it its share
SELECT deposit, covered_peak, shortfall_bond, shortfall_deposit, status, headroom FROM unnest('{1000, 999.99}'::numeric[]) AS deposit,
	LATERAL security_position('{2025-01-01:50000}', 5000, deposit, as_of => '2025-02-10', terms => security_terms(deposit_maximum => 1000));
-- the highest security there can be, and any at no rate
SELECT rate, bond, covered_peak, status FROM (VALUES (1, 1701411834604692317316873037158.84), (1, 1701411834604692317316873037158.83), (0, 0.00)) AS v (rate, bond),
	LATERAL security_position('{2025-01-01:1701411834604692317316873037158.835}', bond, terms => security_terms(bond_rate => rate, bond_minimum => 0, bond_maximum => 'Infinity'));
-- the largest of all: what is below the cent is more than can be posted
SELECT required_deposit, shortfall_bond, shortfall_deposit, covered_peak FROM security_position('{2025-01-01:1701411834604692317316873037158.841}', as_of => '2025-02-10');
-- what can't be held: two billing periods not yet due, a period of two slices, what a refund leaves to be owed, a step above the peak
SELECT call, pg_temp.error_of('SELECT outstanding, headroom FROM security_position(' || call || ')')
FROM unnest(ARRAY['''{2025-02-01:1000000000000000000000000000000,2025-02-18:1000000000000000000000000000000}'', as_of => ''2025-02-25''',
	'''{2025-02-01:1000000000000000000000000000000,2025-02-18:1000000000000000000000000000000}''',
	'''{2025-02-01:-1000000000000000000000000000000}'', deposit => 1e30, as_of => ''2025-02-10''',
	'''{2025-02-01:1100000000000000000000000000000}'', terms => security_terms(bond_rate => 1, bond_maximum => ''Infinity'', bond_step => 1e30)']) WITH ORDINALITY AS c (call, n) ORDER BY n;

-- a type that somebody has altered is refused, as argument and as result
BEGIN;
ALTER TYPE security_terms ADD ATTRIBUTE extra numeric;
SELECT pg_temp.error_of('SELECT required_security(1.00, ''surety_bond'', ROW(0.5, 0, 10, NULL, 1, 0, 0, 0)::security_terms)'), pg_temp.error_of('SELECT security_terms()');
ROLLBACK;
BEGIN;
ALTER TYPE security_terms DROP ATTRIBUTE bond_step;
SELECT pg_temp.error_of('SELECT required_security(1.00, ''surety_bond'', ROW(0.5, 0, 10, 1, 0, 0)::security_terms)'), pg_temp.error_of('SELECT security_terms()');
ROLLBACK;

-- a later version may bring another policy: what rests on it can't be kept where nobody would compute it again
CREATE TABLE kept (peak numeric, bond numeric GENERATED ALWAYS AS (required_security(peak, 'surety_bond')) STORED);
SELECT proname, pronargs, provolatile FROM pg_proc
WHERE proname IN ('required_security', 'security_timeline', 'security_position', 'security_policy', 'peak_monthly_duty', 'total_duties') AND prokind = 'f'
ORDER BY proname, pronargs;
