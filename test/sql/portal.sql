--
-- Amounts and dates as the portal's files and spreadsheets write them
--
/* the texts below need UTF-8; another server encoding is skipped */
SELECT getdatabaseencoding() <> 'UTF8' AS skip_test \gset
\if :skip_test
\quit
\endif
SET client_encoding = 'UTF8';
SET datestyle = 'ISO';

-- what a call gives, or its error
CREATE FUNCTION pg_temp.outcome(statement text) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
	result text;
	said text;
	detail text;
	hint text;
BEGIN
	EXECUTE statement INTO result;
	RETURN result;
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS said = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
	RETURN concat_ws(E'\n', SQLSTATE || ': ' || said, nullif(detail, ''), nullif(hint, ''));
END $$;

--
-- the vectors
--
CREATE TEMP TABLE amount_vector (written text, amount text);
\copy amount_vector FROM PROGRAM 'cat "$PG_ABS_SRCDIR/sql/vectors/portal_amounts.csv"' (FORMAT csv, HEADER, FORCE_NOT_NULL (written))
SELECT written, amount, CASE amount WHEN 'error' THEN portal_amount_error(written)
	ELSE (portal_amount_error(written) IS NULL AND portal_amount(written) = amount::numeric)::text END AS found
FROM amount_vector;
SELECT count(*) AS refused, count(*) FILTER (WHERE pg_temp.outcome(format('SELECT portal_amount(%L)', written)) LIKE '22P02: %') AS by_22p02
FROM amount_vector WHERE amount = 'error';
CREATE TEMP TABLE date_vector (written text, day_first boolean, date text);
\copy date_vector FROM PROGRAM 'cat "$PG_ABS_SRCDIR/sql/vectors/portal_dates.csv"' (FORMAT csv, HEADER, FORCE_NOT_NULL (written))
SELECT written, day_first, date, CASE date WHEN 'error' THEN portal_date_error(written, day_first)
	ELSE (portal_date_error(written, day_first) IS NULL AND portal_date(written, day_first) = date::date)::text END AS found
FROM date_vector;
SELECT count(*) AS refused, count(*) FILTER (WHERE pg_temp.outcome(format('SELECT portal_date(%L, %L)', written, day_first)) LIKE '22007: %') AS by_22007
FROM date_vector WHERE date = 'error';

--
-- the two histories: the declarations, corrections counted in, by month
--
CREATE TEMP TABLE portal_en (day text, kind text, number text, amount text, balance text);
CREATE TEMP TABLE portal_fr (LIKE portal_en);
\copy portal_en FROM PROGRAM 'cat "$PG_ABS_SRCDIR/sql/vectors/portal_history_en.csv"' (FORMAT csv, HEADER)
\copy portal_fr FROM PROGRAM 'sed 1,4d "$PG_ABS_SRCDIR/sql/vectors/portal_history_fr.csv"' (FORMAT csv, HEADER, DELIMITER ';')
-- every amount and every date is good, but where none stands
SELECT day, amount, portal_date_error(day), portal_amount_error(amount) FROM (TABLE portal_en UNION ALL TABLE portal_fr) AS t
WHERE portal_date_error(day) IS NOT NULL OR portal_amount_error(amount) IS NOT NULL OR amount IS NULL;
SELECT portal_date(e.day) AS day, portal_amount(e.amount) AS english, portal_amount(f.amount) AS french
FROM portal_en AS e FULL JOIN portal_fr AS f ON portal_date_error(e.day) IS NULL AND portal_date_error(f.day) IS NULL AND portal_date(e.day) = portal_date(f.day)
	AND e.amount IS NOT NULL
WHERE f.day <> 'Total' AND e.day <> 'Total' ORDER BY 1;

--
-- amounts, written in each way there is
--
CREATE FUNCTION pg_temp.grouped(digits text, mark text) RETURNS text LANGUAGE sql AS
$$SELECT reverse(regexp_replace(reverse(digits), '(\d{3})(?=\d)', '\1' || reverse(mark), 'g'))$$;
CREATE TEMP TABLE shape AS
SELECT v, group_mark, decimal_mark, before, behind
FROM generate_series(1, 400) AS n, LATERAL (SELECT round((hashint8extended(n, 3) & 1152921504606846975) / 10::numeric ^ (8 + n % 12), 2)) AS x (v),
	(VALUES (',', '.'), (' ', ','), (U&'\00A0', ','), (U&'\202F', ','), (U&'\2009', '.'), (' ', '.'), ('.', ','), ('', '.'), ('', ',')) AS m (group_mark, decimal_mark),
	(VALUES ('', ''), (' ', E' \n'), ('$', ''), ('', ' $'), ('', U&'\00A0$'), ('CA$ ', ''), ('CAD ', ''), ('$', ' CAD'), ('', ' $ CA')) AS c (before, behind);
SELECT count(*) AS written, count(*) FILTER (WHERE portal_amount(before || number || behind) IS DISTINCT FROM v) AS differ,
	count(*) FILTER (WHERE portal_amount(before || number || behind)::text IS DISTINCT FROM v::text) AS differ_in_text,
	count(*) FILTER (WHERE (SELECT bool_or(portal_amount(w) IS DISTINCT FROM -v) FROM unnest(ARRAY['-' || before || number || behind, '(' || before || number || behind || ')',
		before || '-' || number || behind, before || number || '-' || behind, before || number || behind || ' CR', before || number || ' cr' || behind,
		U&'\2212' || before || number || behind]) AS w)) AS negative_differ,
	count(*) FILTER (WHERE portal_amount('+' || before || number || behind) IS DISTINCT FROM v OR portal_amount(before || number || behind || ' DR') IS DISTINCT FROM v) AS positive_differ,
	count(*) FILTER (WHERE (SELECT bool_or(portal_amount_error(w) IS NULL) FROM unnest(ARRAY['-' || before || number || behind || ' CR', '(' || before || number || behind || ') CR',
		'--' || before || number || behind, '(' || before || number || behind, before || number || behind || ')', before || number || behind || ' 5',
		before || '1' || number || ',5' || behind, before || number || '%' || behind, 'US' || before || number || behind]) AS w)) AS wrong_taken
FROM shape, LATERAL (SELECT pg_temp.grouped(split_part(v::text, '.', 1), group_mark) || decimal_mark || split_part(v::text, '.', 2)) AS x (number);
-- of any length, up to numeric's own
SELECT portal_amount(repeat('9', 131072)) = repeat('9', 131072)::numeric AS long, portal_amount('0,' || repeat('0', 2)) AS zero,
	portal_amount('1.' || repeat('1', 16383)) = ('1.' || repeat('1', 16383))::numeric AS fine,
	portal_amount(pg_temp.grouped(repeat('9', 9999), U&'\202F') || ',25') = (repeat('9', 9999) || '.25')::numeric AS grouped;
SELECT left(pg_temp.outcome(format('SELECT portal_amount(%L)', w)), 80) AS said, right(pg_temp.outcome(format('SELECT portal_amount(%L)', w)), 40) AS cause
FROM unnest(ARRAY[repeat('9', 131073), '1.' || repeat('1', 16384), repeat(' ', 1048577) || '1', repeat('x', 2000)]) AS w;
-- what isn't one, and why; unaligned, as psql's idea of a mark's width changed with 16
\a
SELECT w AS written, coalesce(portal_amount_error(w), portal_amount(w)::text) AS found
FROM unnest(ARRAY['.50', ',50', '1.234', '1.234.567', '1,234,567', '1,234.567', '1 234,567', '1.234,567', '1,234.5678', '007', '-0', '+1', '$ -5', '5 -', '5,00 $ CR', '(5)$',
	'1,2345', '1234,567', '0,125', '0 125,00', '1,', '5.', '1 23', '1  234', '12 34,5', '1,234 567', '1,234,56', '1234,567.00', '1..2', ',', '.', '$', '-', '( )',
	'1 2', '1 $ 2', '5 cents', 'CA 5', '5 C', 'US$5', '5 €', '5%', '1.5E+05', '１２', U&'\FEFF5', E'5\t', E'1\t234', '5)', '(5', '((5))', '(-5)', '-5-', '5 CR CR', 'CR 5',
	'$$5', 'CAD CAD 5', '#REF!', '1/2', 'NaN', 'Infinity', '1_000']) WITH ORDINALITY AS t (w, n) ORDER BY n;
\a
SELECT portal_amount_error(E'12\x01') AS control, portal_amount_error(E'\u00a05\x7f') AS behind_a_space;
SELECT portal_amount(NULL) AS amount, portal_amount_error(NULL) AS error, portal_date(NULL) AS date, portal_date_error(NULL, true) AS date_error;

--
-- dates: every day of six years in each form
--
CREATE TEMP TABLE name AS SELECT * FROM (VALUES
	('{January,February,March,April,May,June,July,August,September,October,November,December}'::text[]), ('{Jan,Feb,Mar,Apr,May,Jun,Jul,Aug,Sep,Oct,Nov,Dec}'),
	('{JAN.,FEB.,MAR.,APR.,MAY,JUN.,JUL.,AUG.,SEPT.,OCT.,NOV.,DEC.}'), ('{janvier,février,mars,avril,mai,juin,juillet,août,septembre,octobre,novembre,décembre}'),
	('{janv.,févr.,mars,avr.,mai,juin,juill.,août,sept.,oct.,nov.,déc.}'), ('{JANVIER,FÉVRIER,MARS,AVRIL,MAI,JUIN,JUILLET,AOÛT,SEPTEMBRE,OCTOBRE,NOVEMBRE,DÉCEMBRE}'),
	('{janv,fevrier,mars,avr,mai,juin,juil,aout,sept,oct,nov,decembre}'), (E'{janvier,fe\u0301vrier,mars,avril,mai,juin,juillet,aou\u0302t,septembre,octobre,novembre,de\u0301cembre}')) AS v (names);
CREATE TEMP TABLE day AS SELECT d::date, to_char(d, 'YYYY') AS y, to_char(d, 'MM') AS m, to_char(d, 'DD') AS dd,
	to_char(d, 'FMDD') AS short, to_char(d, 'FMMM') AS m_short FROM generate_series(date '2024-01-01', '2029-12-31', '1 day') AS d;
SELECT count(*) AS written, count(*) FILTER (WHERE portal_date(w) IS DISTINCT FROM d) AS differ, count(*) FILTER (WHERE portal_date_error(w) IS NOT NULL) AS refused
FROM day, LATERAL (SELECT format(f, y, m, dd, short, m_short) FROM unnest('{%1$s-%2$s-%3$s,%1$s/%2$s/%3$s,%1$s.%2$s.%3$s,%1$s%2$s%3$s,%1$s-%5$s-%4$s}'::text[]) AS f
	UNION ALL SELECT format(f, y, names[extract(month FROM d)], dd, short)
	FROM name, unnest('{"%4$s %2$s %1$s","%3$s %2$s %1$s","%2$s %4$s, %1$s","%2$s %3$s %1$s","%3$s-%2$s-%1$s","%4$s-%2$s-%1$s","le %4$s %2$s %1$s","  %4$s  %2$s,  %1$s  "}'::text[]) AS f) AS w (w);
-- day and month alone: both, one or none of the readings
SELECT count(*) AS written, count(*) FILTER (WHERE portal_date(f1, true) IS DISTINCT FROM d) AS day_first_differ, count(*) FILTER (WHERE portal_date(f2, false) IS DISTINCT FROM d) AS month_first_differ,
	count(*) FILTER (WHERE short::integer > 12 AND (portal_date(f1) IS DISTINCT FROM d OR portal_date(f2) IS DISTINCT FROM d)) AS one_reading_differ,
	count(*) FILTER (WHERE short::integer > 12 AND (portal_date_error(f1, false) IS NULL OR portal_date_error(f2, true) IS NULL)) AS no_reading_taken,
	count(*) FILTER (WHERE short::integer <= 12 AND short <> m_short AND (portal_date_error(f1) IS NULL OR portal_date_error(f2) IS NULL)) AS two_readings_taken,
	count(*) FILTER (WHERE short = m_short AND portal_date(f1) IS DISTINCT FROM d) AS same_differ
FROM day, unnest('{/,-,.}'::text[]) AS mark, LATERAL (VALUES (concat_ws(mark, dd, m, y), concat_ws(mark, m, dd, y)), (concat_ws(mark, short, m_short, y), concat_ws(mark, m_short, short, y))) AS f (f1, f2);
-- days that aren't
SELECT count(*) AS no_days, count(*) FILTER (WHERE portal_date_error(w) IS NULL) AS taken
FROM generate_series(2023, 2026) AS y, generate_series(0, 13) AS m, generate_series(0, 32) AS d,
	LATERAL (VALUES (format('%s-%s-%s', y, lpad(m::text, 2, '0'), lpad(d::text, 2, '0'))), (format('%s%s%s', y, lpad(m::text, 2, '0'), lpad(d::text, 2, '0')))) AS w (w)
WHERE m NOT BETWEEN 1 AND 12 OR d NOT BETWEEN 1 AND extract(day FROM make_date(y, m, 1) + interval '1 month - 1 day');
SELECT left(w, 25) AS written, coalesce(portal_date_error(w), portal_date(w)::text) AS found
FROM unnest(ARRAY['', '  ', '1st August 2026', '2nd Aug 2026', '3rd Aug 2026', '11th Aug 2026', '21st Aug 2026', '2st Aug 2026', '1er août 2026', '2er août 2026', 'August 3rd, 2026',
	'03AUG2026', '3août2026', '2026-08-03 14:05', '2026-08-03T00:00:00', 'Monday, August 3, 2026', 'lundi 3 août 2026', '2026', '2026-08', 'August 2026', '3 2026 août', '2026 août 3',
	'03/08/26', '26/08/03', '3-8/2026', '3 / 8 / 2026', '3, 8, 2026', '3 8 2026', '123/8/2026', '1/123/2026', '2026/123/1', '2026-08-123', '0000-01-01', '0001-01-01', '9999-12-31', '10000-01-01',
	'29 février 2027', 'Feb 29, 2028', '46237', '46237.0', '462370', '20261301', '20260230', '202608031', '03082026', 'Août', '3 aoûut 2026', '3 août 2026 $', '٣ août 2026',
	'00/08/2026', '13/13/2026', '31/04/2026', 'n/a', '-', '3 août', '3--8-2026', E'3 ao\u00fbt\x02 2026', repeat('x', 300)]) WITH ORDINALITY AS t (w, n) ORDER BY n;
SELECT w AS written, f AS day_first, pg_temp.outcome(format('SELECT portal_date(%L, %L)', w, f)) AS found
FROM (VALUES ('03/08/2026', NULL::boolean), ('25/07/2026', false), ('07/25/2026', true), ('31/02/2026', true), ('46237', NULL)) AS v (w, f);
