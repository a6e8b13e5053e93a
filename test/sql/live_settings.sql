-- Settings change no count: functions obey them although the server calls them
-- immutable, and so do the texts of functions.
SET client_min_messages = warning;
\set SHOW_CONTEXT never
CREATE SCHEMA pinned;

CREATE TABLE pinned.octets (account bytea, released date, duties numeric, share float8);
SELECT track_duties('pinned.octets', 'account', 'released', 'duties', 'of_octets',
	$$account::text LIKE '\\x%' AND share::text = '0.1' AND quote_ident('a') = 'a'$$);
INSERT INTO pinned.octets VALUES ('\x01', '2025-01-05', 10, 0.1), ('\x02', '2025-01-05', 10, 0.1);
SET bytea_output = escape;
SET extra_float_digits = -15;
SET quote_all_identifiers = on;
DELETE FROM pinned.octets WHERE account = '\x01';
INSERT INTO pinned.octets VALUES ('\x02', '2025-01-05', 1, 0.1);
SELECT * FROM verify_duties('pinned.octets');
SHOW bytea_output;
-- ... but what the server computes by them is what is stored
CREATE TABLE pinned.shares (share float8, account text GENERATED ALWAYS AS (share::text) STORED, released date, duties numeric)
	PARTITION BY RANGE (released);
CREATE TABLE pinned.shares_1 PARTITION OF pinned.shares DEFAULT;
SELECT track_duties('pinned.shares', 'account', 'released', 'duties', 'of_shares', $$account IS NOT NULL AND share::text <> '0.333'$$);
INSERT INTO pinned.shares VALUES (1 / 3.0::float8, DEFAULT, '2025-01-05', 1), (1 / 7.0::float8, DEFAULT, '2025-01-05', 2);
RESET extra_float_digits;
SELECT account, history FROM pinned.of_shares ORDER BY account;
SELECT * FROM verify_duties('pinned.shares');
DELETE FROM pinned.shares WHERE duties = 1;
SELECT * FROM verify_duties('pinned.shares');
RESET bytea_output;
RESET extra_float_digits;
RESET quote_all_identifiers;
SELECT account, history FROM pinned.of_octets;

-- ... or refused, where the text of a value in XML hangs on them, which the server doesn't call mutable
CREATE TABLE pinned.spans (account text, released date, duties numeric, span daterange, days date[], wage money, period interval);
SELECT track_duties('pinned.spans', 'account', 'released', 'duties', 'of_spans', $$xmlelement(name x, span)::text LIKE '%2026-01-13%'$$);
SELECT track_duties('pinned.spans', 'account', 'released', 'duties', 'of_spans', $$xmlforest(wage AS a)::text LIKE '%2%'$$);
SELECT track_duties('pinned.spans', 'account', 'released', 'duties', 'of_spans', $$xmlelement(name x, xmlattributes(period AS y))::text LIKE '%2%'$$);
SELECT track_duties('pinned.spans', 'account', 'released', 'duties', 'of_spans',
	$$xmlforest(days AS a, released AS b, duties AS c, account AS d, account::bytea AS e)::text LIKE '%2026-01-13%'$$);
SET DateStyle = 'SQL, DMY';
SET xmlbinary = hex;
INSERT INTO pinned.spans VALUES ('a', '13/01/2026', 10, NULL, '{01/02/2026}');
SET DateStyle = 'ISO, MDY';
DELETE FROM pinned.spans;
RESET DateStyle;
RESET xmlbinary;
SELECT * FROM verify_duties('pinned.spans');

-- ... nor what a function makes of a date
CREATE FUNCTION pinned.of_2026(date, interval) RETURNS boolean IMMUTABLE LANGUAGE plpgsql AS
	$$ BEGIN RETURN $1::text LIKE '2026-%' AND $2::text = '1 day'; END $$;
CREATE TABLE pinned.dated (account text, released date, duties numeric, period interval);
SELECT track_duties('pinned.dated', 'account', 'released', 'duties', 'of_dated', $$pinned.of_2026(released, period)$$);
INSERT INTO pinned.dated VALUES ('a', '2026-01-13', 10, '1 day'), ('a', '2026-01-14', 1, '1 day'), ('a', '2025-01-14', 7, '1 day');
SET DateStyle = 'German';
SET IntervalStyle = iso_8601;
DELETE FROM pinned.dated WHERE duties = 10;
SELECT * FROM verify_duties('pinned.dated');
RESET DateStyle;
RESET IntervalStyle;
SELECT account, history FROM pinned.of_dated;

-- ... and such as what a function's text or a time of day means hangs on
CREATE FUNCTION pinned.is_number(text) RETURNS boolean IMMUTABLE LANGUAGE sql AS $$ SELECT $1 ~ '^\d+$' $$;
CREATE FUNCTION pinned.is_lacking(text) RETURNS boolean IMMUTABLE LANGUAGE sql AS $$ SELECT coalesce($1 = NULL, false) $$;
CREATE FUNCTION pinned.ends_open(text) RETURNS boolean IMMUTABLE LANGUAGE sql AS $$ SELECT ('{x,NULL}'::text[])[2] IS NULL AND ($1::text[])[2] IS NULL $$;
CREATE TABLE pinned.codes (account text, released date, duties numeric, code text, received timestamptz, accepted timestamptz, local timestamp);
SELECT track_duties('pinned.codes', 'account', 'released', 'duties', 'of_codes',
	$$pinned.is_number(code) AND NOT pinned.is_lacking(account)
	AND pinned.ends_open('{' || code || ',null}')
	AND age(accepted, received) <= '1 mon 1 day'
	AND timezone('EST', local) = '2025-01-01 05:00+00'$$);
INSERT INTO pinned.codes
SELECT account, '2025-01-05', 10, '123', '2025-03-01 02:00+00', '2025-04-01 01:00+00', '2025-01-01' FROM (VALUES ('a'), ('b')) v (account);
DO $$ BEGIN	-- neither is there from 19 on
	PERFORM set_config('escape_string_warning', 'off', false), set_config('standard_conforming_strings', 'off', false);
EXCEPTION WHEN OTHERS THEN NULL; END $$;
SET transform_null_equals = on;
SET array_nulls = off;
SET TimeZone = 'America/Vancouver';
SET timezone_abbreviations = 'Australia';
SELECT * FROM verify_duties('pinned.codes');
DELETE FROM pinned.codes WHERE account = 'a';
INSERT INTO pinned.codes VALUES ('b', '2025-01-05', 1, '123', '2025-03-01 02:00+00', '2025-04-01 01:00+00', '2025-01-01');
SHOW TimeZone;
RESET standard_conforming_strings;
RESET transform_null_equals;
RESET array_nulls;
RESET TimeZone;
RESET timezone_abbreviations;
SELECT account, history FROM pinned.of_codes;
SELECT * FROM verify_duties('pinned.codes');

DROP SCHEMA pinned CASCADE;
