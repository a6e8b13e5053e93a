-- Every row of test/sql/vectors/business_numbers.csv: numbers of public registers,
-- and the mistakes that public data has. Three ways in, and bn9_error.
SELECT getdatabaseencoding() <> 'UTF8' AS skip \gset
\if :skip
\quit
\endif
SET client_encoding = 'UTF8';

CREATE TEMP TABLE vector (
	id integer GENERATED ALWAYS AS IDENTITY,
	type regtype, input text, canonical text, cause text, source text
);
\copy vector (type, input, canonical, cause, source) FROM PROGRAM 'cat "$PG_ABS_SRCDIR/sql/vectors/business_numbers.csv"' (FORMAT csv, HEADER)
UPDATE vector SET input = coalesce(input, '');

CREATE TEMP TABLE copied (bn9 bn9, program_account program_account);

-- Runs two statements; gives what the second returns, or the error's cause.
CREATE FUNCTION pg_temp.outcome(statement text, first text DEFAULT 'SELECT') RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
	result text;
	detail text;
	message text;
BEGIN
	EXECUTE first;
	EXECUTE statement INTO result;
	RETURN result;
EXCEPTION WHEN invalid_text_representation THEN
	GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL, message = MESSAGE_TEXT;
	RETURN message || ' / ' || detail;
END
$$;

CREATE TEMP TABLE outcome AS
SELECT v.*, way.name, way.outcome
FROM vector v,
	LATERAL (VALUES
		('literal', pg_temp.outcome(format('SELECT %L::%s', input, type))),
		('cast', pg_temp.outcome(format('SELECT %L::text::%s', input, type))),
		-- COPY takes its row from a program of the server's
		('copy', pg_temp.outcome(format('SELECT %I FROM copied', type),
			format('TRUNCATE copied; COPY copied (%I) FROM PROGRAM %L (FORMAT text, ENCODING ''UTF8'')', type, format('echo ''%s''', input)))),
		('error', CASE type WHEN 'bn9'::regtype
			THEN coalesce('invalid input syntax for type bn9: "' || input || '" / ' || bn9_error(input), input::bn9::text)
			ELSE coalesce('invalid input syntax for type program_account: "' || input || '" / ' || program_account_error(input), input::program_account::text)
			END)) AS way (name, outcome);

SELECT name, count(*) AS rows, count(*) FILTER (WHERE cause IS NULL) AS good,
	count(*) FILTER (WHERE cause IS NULL AND outcome = canonical) AS as_stated,
	count(*) FILTER (WHERE cause IS NOT NULL) AS bad,
	count(*) FILTER (WHERE cause IS NOT NULL
		AND starts_with(outcome, format('invalid input syntax for type %s: "%s" / ', type, input))
		AND strpos(split_part(outcome, '" / ', 2), cause) > 0) AS refused_as_stated
FROM outcome GROUP BY name ORDER BY name;

-- What differs, if anything does.
SELECT name, type, input, canonical, cause, outcome FROM outcome
WHERE CASE WHEN cause IS NULL THEN outcome IS DISTINCT FROM canonical
	ELSE strpos(split_part(outcome, '" / ', 2), cause) = 0 END
ORDER BY id, name;

SELECT type, input, cause, bn9_error(input)
FROM vector WHERE cause IS NOT NULL AND type = 'bn9'::regtype ORDER BY id;
SELECT type, input, cause, program_account_error(input)
FROM vector WHERE cause IS NOT NULL AND type <> 'bn9'::regtype ORDER BY id;
