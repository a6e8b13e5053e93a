--
-- The security that a peak requires: vectors, policy, parameters, rounding
--
CREATE FUNCTION pg_temp.error_of(statement text) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
	said text;
	detail text;
	hint text;
BEGIN
	EXECUTE statement;
	RETURN 'no error';
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS said = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
	RETURN concat_ws(E'\n', SQLSTATE || ': ' || said, nullif(detail, ''), nullif(hint, ''));
END $$;

-- the vectors: as value, as history, by the aggregates
CREATE TEMP TABLE vector (peak numeric, form security_form, required numeric);
\copy vector FROM PROGRAM 'cat "$PG_ABS_SRCDIR/vectors/required_security.csv"' (FORMAT csv, HEADER)
SELECT peak, form, required, required_security(peak, form) = required AS as_value,
	required_security(duty_history, form) = required AS as_history,
	CASE form WHEN 'surety_bond' THEN bond ELSE deposit END = required AS as_aggregate
FROM vector, LATERAL (SELECT duty_history(d, p), required_bond(d, p), required_deposit(d, p) FROM (VALUES (date '2025-02-01', peak)) AS v (d, p)) AS x (duty_history, bond, deposit)
ORDER BY form, peak;
-- to the text: two decimals
SELECT count(*) AS vectors, count(*) FILTER (WHERE required_security(peak, form)::text = required::text) AS same FROM vector;

-- what is built in
SELECT form, rate, minimum, maximum, in_force_since, source, certainty FROM security_policy();
SET datestyle = 'German';
SELECT form, in_force_since FROM security_policy();
RESET datestyle;
-- is what is applied
SELECT form, count(*) AS peaks,
	count(*) FILTER (WHERE required_security(peak, form) IS DISTINCT FROM CASE WHEN peak <= 0 THEN 0
		ELSE least(maximum, greatest(minimum, round(peak * rate, 2))) END) AS differences,
	count(*) FILTER (WHERE required_security(peak, form, rate, minimum, maximum) IS DISTINCT FROM required_security(peak, form)) AS given_differs
FROM security_policy() AS p, generate_series(1, 20000) AS n,
	LATERAL (SELECT ((hashint8extended(n, 5) & 4611686018427387903) - CASE WHEN n % 5 = 0 THEN 2305843009213693952 ELSE 0 END)
		/ 10::numeric ^ (4 + n % 17)) AS x (long), LATERAL (SELECT round(long, n % 9)) AS v (peak)
GROUP BY form ORDER BY form;

-- with every parameter, against numeric's own arithmetic and rounding
SELECT count(*) AS calls, count(*) FILTER (WHERE required IS DISTINCT FROM CASE WHEN peak <= 0 THEN 0 ELSE least(maximum, greatest(minimum, round(peak * rate, 2))) END) AS differences,
	count(*) FILTER (WHERE scale(required) <> 2 AND required NOT IN (minimum, maximum)) AS not_in_cents, count(*) FILTER (WHERE required = minimum) > 1000 AS many_minimum,
	count(*) FILTER (WHERE required = maximum) > 1000 AS many_maximum, count(*) FILTER (WHERE required NOT IN (minimum, maximum)) > 1000 AS many_between
FROM generate_series(1, 30000) AS n,
	LATERAL (SELECT hashint8extended(n, 6) & 4611686018427387903, hashint8extended(n, 7) & 4611686018427387903, hashint8extended(n, 8) & 4611686018427387903) AS r (a, b, c),
	LATERAL (SELECT round(a / 10::numeric ^ (4 + n % 17), n % 9), round(b / 10::numeric ^ (17 + n % 3), (n % 8) + 1), (c % 100000) / 100.0) AS v (peak, rate, minimum),
	LATERAL (SELECT minimum + (c % 1000) * 10::numeric ^ (n % 9)) AS m (maximum),
	LATERAL (SELECT required_security(peak, (ARRAY['surety_bond', 'cash_deposit']::security_form[])[1 + n % 2], rate, minimum, maximum)) AS s (required);

-- half a cent goes away from zero, and the least less does not
SELECT peak, required_security(peak, 'cash_deposit') AS deposit, round(peak, 2) AS round,
	required_security(peak * 2, 'surety_bond', minimum => 0) AS bond
FROM unnest('{0.004, 0.00499999, 0.005, 0.00500001, 1.005, 1.00499999, 2.675, 12345.67500000, 12345.67499999}'::numeric[]) AS peak;

-- nothing owed, nothing required, whatever the minimum
SELECT required_security(0.00, 'surety_bond', minimum => 25000) AS zero, required_security(-0.01, 'cash_deposit', minimum => 25000) AS credit,
	required_security(0.00000001, 'surety_bond', minimum => 25000) AS least, required_security(1000.00, 'surety_bond', rate => 0, minimum => 0) AS no_rate;

-- the largest, where only the result counts
SELECT required_security(1701411834604692317316873037158.84105727, 'surety_bond') AS bond, required_security(1701411834604692317316873037158.84105727, 'cash_deposit') AS deposit,
	required_security(1701411834604692317316873037158.84105727, 'cash_deposit', rate => 1e30, maximum => 7) AS capped,
	required_security(0.00000001, 'surety_bond', rate => 1701411834604692317316873037158.84105727, minimum => 0, maximum => 1e29) AS steep,
	required_security(0.99999999, 'surety_bond', rate => 1e30, maximum => 1e30) AS rests;
SELECT -1701411834604692317316873037158.84105727 AS peak, required_security(-1701411834604692317316873037158.84105727, 'cash_deposit') AS credit;

-- NULL in each argument
SELECT required_security(NULL::numeric, 'cash_deposit') AS peak, required_security(1.00, NULL) AS form, required_security(1.00, 'surety_bond', NULL, NULL, NULL) AS policy;

SELECT call, pg_temp.error_of('SELECT ' || call)
FROM unnest(ARRAY['required_security(1.00, ''surety_bond'', rate => -0.5)', 'required_security(1.00, ''surety_bond'', minimum => -1)', 'required_security(1.00, ''surety_bond'', maximum => -1)',
	'required_security(1.00, ''surety_bond'', minimum => 6, maximum => 5)', 'required_security(1.00, ''surety_bond'', maximum => 4999.99)', 'required_security(1.00, ''surety_bond'', minimum => 10000000.01)',
	'required_security(numeric ''NaN'', ''surety_bond'')', 'required_security(numeric ''Infinity'', ''surety_bond'')', 'required_security(1.00, ''surety_bond'', rate => ''Infinity'')',
	'required_security(1.000000001, ''surety_bond'')', 'required_security(1.00, ''surety_bond'', rate => 0.123456789)', 'required_security(1e40, ''surety_bond'')',
	'required_security(1e30, ''cash_deposit'', rate => 10)', 'required_security(1701411834604692317316873037158.841, ''cash_deposit'', rate => 1.00000001)',
	'required_security(1.00, ''letter of credit'')']) WITH ORDINALITY AS c (call, n) ORDER BY n;

-- a later version may bring another policy: what rests on it can't be kept where nobody would compute it again
CREATE TABLE kept (peak numeric, bond numeric GENERATED ALWAYS AS (required_security(peak, 'surety_bond')) STORED);
SELECT proname, pronargs, provolatile FROM pg_proc
WHERE proname IN ('required_security', 'security_timeline', 'security_position', 'security_policy', 'peak_monthly_duty', 'total_duties') AND prokind = 'f'
ORDER BY proname, pronargs;
