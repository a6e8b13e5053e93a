--
-- Type duty_history: forms, errors, order, arithmetic; against plain SQL
--
SET datestyle = ISO;

\getenv test PG_ABS_SRCDIR
\i :test/lib/error_of.sql

--
-- text form
--
SELECT '{2025-02-01:1250.00,2025-02-18:-90.5}'::duty_history;
SELECT '{}'::duty_history;
SELECT E' \t{ 2025-02-01 : +1250 ,\n2025-02-18 : -.5 , 2025-02-20:0, 2025-02-25:00.10000000000 } \r\n'::duty_history;
SELECT '{2025-02-01:0,2025-03-01:0.00,2025-04-01:-0}'::duty_history = '{}' AS nothing_owed;
SELECT '{2025-02-01:0.00000001,2025-02-18:-1.1,2025-02-20:1.123456780,2025-02-25:7.}'::duty_history;
SET datestyle = 'German, DMY';
SELECT '{2025-02-01:1.00,2025-12-18:2.00}'::duty_history;
SET datestyle = ISO;
-- each basis begins its periods on one of these days
SELECT '{2025-02-01:1,2025-02-18:2,2025-02-20:3,2025-02-25:4}'::duty_history;
-- the ends of what a date can hold; the first day's slice begins before it
SELECT '{4714-11-20 BC:1.00,4714-11-25 BC:2.00,0001-12-25 BC:3.00,0001-01-01:4.00,5874897-12-25:5.00}'::duty_history;
SELECT '{4713-02-25 BC:1,0005-02-25 BC:1,0001-02-18 BC:1,9999-12-25:1,10000-01-01:1}'::duty_history;
-- the ends of what an amount can be
SELECT '{2025-02-01:1701411834604692317316873037158.84105727,2025-02-18:-1701411834604692317316873037158.84105727}'::duty_history;

-- what is no history
SELECT input, pg_temp.error_of(format('SELECT %L::duty_history', input))
FROM unnest(ARRAY['', ' ', '{', '}', '{}}', '{} x', 'x{}', '{,}', '{{}', '{2025-02-01}',
	'{2025-02-01:}', '{2025-02-01:1', '{2025-02-01:1,', '{2025-02-01:1,}', '{2025-02-01:1 2025-02-18:2}',
	'{2025-02-01:1}}', '{2025-02-01:1:2}', '{:1}', '{2025-02-01:1;2025-02-18:2}',
	'{2025-02-30:1}', '{2025-13-01:1}', '{2025-00-01:1}', '{2025-02-00:1}', '{0000-01-01:1}', '{25-02-01:1}',
	'{2025-2-01:1}', '{2025-02-1:1}', '{20250201:1}', '{2025-02-01T00:1}', '{infinity:1}', '{-2025-02-01:1}',
	'{2025-02-01BC:1}', '{2025-02-01 bc:1}', '{2025-02-01 AD:1}', '{2023-02-29 BC:1}',
	'{4714-11-18 BC:1}', '{4715-11-25 BC:1}', '{5874898-01-01:1}', '{99999999-01-01:1}',
	'{2025-02-02:1}', '{2025-02-17:1}', '{2025-02-19:1}', '{2025-02-28:1}',
	'{2025-02-18:1,2025-02-01:2}', '{2025-02-01:1,2025-02-01:2}',
	'{2025-02-01:1.123456789}', '{2025-02-01:NaN}', '{2025-02-01:Infinity}', '{2025-02-01:1e3}', '{2025-02-01:.}',
	'{2025-02-01:-}', '{2025-02-01:--1}', '{2025-02-01:$1}', '{2025-02-01:1_000}', '{2025-02-01:0x1}',
	'{2025-02-01:1701411834604692317316873037158.84105728}', '{2025-02-01:-1701411834604692317316873037158.84105728}',
	'{2025-02-01:99999999999999999999999999999999999999999999}']) AS input;

--
-- binary form
--
SELECT text, duty_history_send(text::duty_history) AS sent
FROM unnest('{"{}", "{2000-01-01:1}", "{2000-01-01:0.01}", "{1999-12-25:-0.1,2000-01-01:64}",
	"{2025-02-01:1250.00,2025-02-18:-90.5,2027-02-01:1}"}'::text[]) AS text;

-- the same bytes, by the description in src/core/history.h, in plain SQL
CREATE FUNCTION pg_temp.varint(value numeric) RETURNS bytea
LANGUAGE plpgsql AS $$
DECLARE
	bytes bytea := '';
BEGIN
	WHILE value >= 128 LOOP
		bytes := bytes || set_byte('\x00', 0, (value % 128)::integer + 128);
		value := div(value, 128);
	END LOOP;
	RETURN bytes || set_byte('\x00', 0, value::integer);
END $$;

CREATE FUNCTION pg_temp.zigzag(value numeric) RETURNS bytea
RETURN pg_temp.varint(CASE WHEN value < 0 THEN -2 * value - 1 ELSE 2 * value END);

-- a cut's slice, counted from 2000-01-01
CREATE FUNCTION pg_temp.slice(cut date) RETURNS integer
RETURN (extract(year FROM cut) - CASE WHEN extract(year FROM cut) < 0 THEN 1999 ELSE 2000 END) * 48
	+ (extract(month FROM cut) - 1) * 4 + array_position('{1,18,20,25}', extract(day FROM cut)::integer) - 1;

CREATE FUNCTION pg_temp.stored(cuts date[], amounts numeric[]) RETURNS bytea
LANGUAGE plpgsql AS $$
DECLARE
	scale integer := 0;
	previous integer;
	bytes bytea := '';
	row record;
BEGIN
	SELECT coalesce(max(scale(trim_scale(amount))), 0) INTO scale FROM unnest(amounts) AS amount;
	FOR row IN SELECT pg_temp.slice(cut) AS slice, amount FROM unnest(cuts, amounts) AS u (cut, amount)
			WHERE amount <> 0 ORDER BY cut LOOP
		IF previous IS NULL THEN
			bytes := pg_temp.zigzag(row.slice);
		ELSIF row.slice > previous + 1 THEN
			bytes := bytes || '\x00' || pg_temp.varint(row.slice - previous - 1);
		END IF;
		bytes := bytes || pg_temp.zigzag(trim_scale(row.amount * 10::numeric ^ scale));
		previous := row.slice;
	END LOOP;
	RETURN set_byte('\x10', 0, 16 + scale) || bytes;
END $$;

-- histories of every kind: sparse, dense, old, far, huge, negative, fine
CREATE TEMP TABLE sample (id integer PRIMARY KEY, cuts date[], amounts numeric[], h duty_history);
INSERT INTO sample (id, cuts, amounts)
SELECT id, array_agg(cut ORDER BY cut), array_agg(amount ORDER BY cut)
FROM (
	SELECT DISTINCT ON (id, cut) id, cut, amount
	FROM generate_series(1, 1500) AS id,
		LATERAL generate_series(1, (hashint8extended(id, 1) & 15)::integer) AS n,
		LATERAL (SELECT hashint8extended(id * 100 + n, 2) & 1073741823, hashint8extended(id * 100 + n, 3) & 1073741823,
			hashint8extended(id * 100 + n, 4) & 1073741823) AS r (a, b, c),
		LATERAL (SELECT CASE id % 5
			WHEN 0 THEN make_date(1 + (a % 9999)::integer, 1 + (b % 12)::integer, 1)
			WHEN 1 THEN make_date(-(1 + (a % 4712)::integer), 1 + (b % 12)::integer, 1)
			WHEN 2 THEN make_date(1 + (a % 5874896)::integer, 1 + (b % 12)::integer, 1)
			ELSE make_date(1999 + (a % 3)::integer, 1 + (b % 12)::integer, 1) END) AS m (month),
		LATERAL (SELECT month + ('{0,17,19,24}'::integer[])[1 + (c % 4)::integer]) AS s (cut),
		LATERAL (SELECT (a - 536870912) * (CASE WHEN id % 7 = 0 THEN (b + 1) * 1000000000::numeric * (c % 99 + 1) ELSE 1 END)
			/ 10::numeric ^ (id % 9) * (c % 10 <> 0)::integer) AS v (amount)
	ORDER BY id, cut, n) AS row
GROUP BY id;
UPDATE sample SET h = (SELECT '{' || string_agg(replace(cut::text, ' BC', '') || CASE WHEN cut < '0001-01-01' THEN ' BC' ELSE '' END
	|| ':' || amount, ',' ORDER BY cut) || '}' FROM unnest(cuts, amounts) AS u (cut, amount))::duty_history;
-- (amounts come with as many decimals as division gives, all but eight of them 0)
SELECT count(*) AS histories, sum(cardinality(cuts)) AS slices, min(scale(trim_scale(a))), max(scale(trim_scale(a))),
	count(*) FILTER (WHERE a = 0) > 0 AS some_zero, max(abs(a)) > 1e25 AS some_huge
FROM sample, unnest(amounts) AS a;

SELECT count(*) AS histories,
	count(*) FILTER (WHERE duty_history_send(h) IS DISTINCT FROM pg_temp.stored(cuts, amounts)) AS other_bytes,
	count(*) FILTER (WHERE h::text::duty_history IS DISTINCT FROM h
		OR duty_history_send(h::text::duty_history) IS DISTINCT FROM duty_history_send(h)) AS other_text
FROM sample;

-- the text form, slice by slice
CREATE FUNCTION pg_temp.iso(day date) RETURNS text
RETURN CASE WHEN abs(extract(year FROM day)) < 1000 THEN lpad(abs(extract(year FROM day))::text, 4, '0')
	ELSE abs(extract(year FROM day))::text END
	|| '-' || lpad(extract(month FROM day)::text, 2, '0') || '-' || lpad(extract(day FROM day)::text, 2, '0') || CASE WHEN extract(year FROM day) < 0 THEN ' BC' ELSE '' END;

SELECT count(*) AS slices, count(*) FILTER (WHERE line IS DISTINCT FROM
	pg_temp.iso(cut) || ':' || round(amount, greatest(2, scale(trim_scale(amount))))) AS differences
FROM sample,
	LATERAL (SELECT array_agg(cut ORDER BY cut), array_agg(amount ORDER BY cut) FROM unnest(cuts, amounts) AS u (cut, amount)
		WHERE amount <> 0) AS owed (cuts, amounts),
	LATERAL unnest(string_to_array(trim('{}' FROM h::text), ','), owed.cuts, owed.amounts) AS u (line, cut, amount)
WHERE h <> '{}';

-- there and back by COPY, in both forms
\getenv builddir PG_ABS_BUILDDIR
\set binary :builddir '/results/duty_history.binary'
\set text :builddir '/results/duty_history.text'
CREATE TEMP TABLE returned (id integer, h duty_history);
COPY (SELECT id, h FROM sample) TO STDOUT (FORMAT binary) \g :binary
COPY (SELECT id, h FROM sample) TO STDOUT \g :text
\set read '\\copy returned FROM ' :'binary' ' (FORMAT binary)'
:read
\set read '\\copy returned FROM ' :'text'
:read
SELECT count(*) AS returned, count(*) FILTER (WHERE duty_history_send(r.h) = duty_history_send(s.h)) AS same
FROM returned AS r JOIN sample AS s USING (id);

-- bytes that are no history are refused
\set binary :builddir '/results/duty_history.bytes'
\set receive '\\copy returned (h) FROM ' :'binary' ' (FORMAT binary)'
\echo no first slice
COPY (SELECT '\x1080'::bytea) TO STDOUT (FORMAT binary) \g :binary
:receive
\echo a padded first slice
COPY (SELECT '\x108000'::bytea) TO STDOUT (FORMAT binary) \g :binary
:receive
\echo a first slice past 128 bits
COPY (SELECT '\x10ffffffffffffffffffffffffffffffffffff7f02'::bytea) TO STDOUT (FORMAT binary) \g :binary
:receive
\echo varints padded by a byte
COPY (SELECT '\x10d80780000202'::bytea) TO STDOUT (FORMAT binary) \g :binary
:receive
\echo varints padded by a byte, longer
COPY (SELECT '\x10d8078080000202'::bytea) TO STDOUT (FORMAT binary) \g :binary
:receive
\echo no days without duties
COPY (SELECT '\x10d80702000002'::bytea) TO STDOUT (FORMAT binary) \g :binary
:receive
\echo a slice past the calendar
COPY (SELECT '\x10bec1eb8c020202'::bytea) TO STDOUT (FORMAT binary) \g :binary
:receive
\echo nothing
COPY (SELECT '\x'::bytea) TO STDOUT (FORMAT binary) \g :binary
:receive
\echo another version
COPY (SELECT '\x20'::bytea) TO STDOUT (FORMAT binary) \g :binary
:receive
\echo a scale that nothing needs
COPY (SELECT '\x12'::bytea) TO STDOUT (FORMAT binary) \g :binary
:receive
\echo cut off
COPY (SELECT '\x10d807'::bytea) TO STDOUT (FORMAT binary) \g :binary
:receive
\echo a padded varint
COPY (SELECT '\x10d80781800000'::bytea) TO STDOUT (FORMAT binary) \g :binary
:receive
\echo an amount of 0
COPY (SELECT '\x10d8070000'::bytea) TO STDOUT (FORMAT binary) \g :binary
:receive
\echo a day past the calendar
COPY (SELECT '\x10feffffff0f02'::bytea) TO STDOUT (FORMAT binary) \g :binary
:receive
\echo too large an amount
COPY (SELECT '\x10d807ffffffffffffffffffffffffffffffffffff03'::bytea) TO STDOUT (FORMAT binary) \g :binary
:receive

--
-- equality, order, hash
--
SELECT '{2025-02-01:1}'::duty_history = '{2025-02-01:1.000}' AS eq, '{2025-02-01:1}'::duty_history <> '{2025-02-01:1.000}' AS ne,
	'{2025-02-01:1}'::duty_history < '{2025-02-01:1.01}' AS lt, '{}'::duty_history < '{2025-02-01:-1}' AS empty_first,
	'{2025-02-01:9}'::duty_history < '{2025-02-18:1}' AS earlier_first,
	'{2025-02-01:1}'::duty_history < '{2025-02-01:1,2025-02-18:-1}' AS shorter_first,
	'{2025-02-01:2}'::duty_history >= '{2025-02-01:-2}' AS ge, '{2025-02-01:2}'::duty_history <= '{2025-02-01:2}' AS le,
	'{2025-02-01:2}'::duty_history > '{2025-02-01:2}' AS gt;

-- the order is that of the rows (slice, amount), compared one by one
CREATE TYPE pg_temp.owed AS (cut date, amount numeric);
CREATE TEMP TABLE pair AS
SELECT a.h AS a, b.h AS b,
	(SELECT array_agg(ROW (cut, amount)::pg_temp.owed ORDER BY cut) FROM unnest(a.cuts, a.amounts) AS u (cut, amount) WHERE amount <> 0) AS a_rows,
	(SELECT array_agg(ROW (cut, amount)::pg_temp.owed ORDER BY cut) FROM unnest(b.cuts, b.amounts) AS u (cut, amount) WHERE amount <> 0) AS b_rows
FROM (SELECT id, cuts, amounts, h FROM sample WHERE id <= 120) AS a,
	LATERAL (SELECT cuts, amounts, h FROM sample WHERE id <= 60
		UNION ALL
		-- one that begins as the first does
		SELECT cuts[:n], amounts[:n - 1] || amounts[n] + d, NULL FROM sample AS s,
			LATERAL (VALUES (cardinality(s.cuts) / 2 + 1)) AS v (n), unnest('{0,1,-1}'::integer[]) AS d WHERE s.id = a.id) AS b;
UPDATE pair SET b = (SELECT coalesce('{' || string_agg(pg_temp.iso(cut) || ':' || round(amount, 8), ',') || '}', '{}')::duty_history
	FROM unnest(b_rows) AS r (cut, amount)) WHERE b IS NULL;
SELECT count(*) AS pairs,
	count(*) FILTER (WHERE duty_history_cmp(a, b) <> CASE WHEN a_rows IS NOT DISTINCT FROM b_rows THEN 0
		WHEN b_rows IS NULL OR a_rows > b_rows THEN 1 WHEN a_rows IS NULL OR a_rows < b_rows THEN -1 END) AS misplaced,
	count(*) FILTER (WHERE (a < b, a <= b, a = b, a <> b, a >= b, a > b)
		<> (c < 0, c <= 0, c = 0, c <> 0, c >= 0, c > 0)) AS operators_differ,
	count(*) FILTER (WHERE c = 0 AND (duty_history_hash(a) <> duty_history_hash(b)
		OR duty_history_hash_extended(a, 7) <> duty_history_hash_extended(b, 7))) AS hashes_differ,
	count(*) FILTER (WHERE duty_history_cmp(b, a) <> -c) AS one_sided,
	count(*) FILTER (WHERE c = 0) > 50 AS some_equal
FROM pair, LATERAL (SELECT duty_history_cmp(a, b)) AS v (c);

-- hashes of equal values agree with each other and, for seed 0, below 2^32
SELECT count(*) AS histories, count(DISTINCT duty_history_hash(h)) > 1400 AS spread,
	count(*) FILTER (WHERE duty_history_hash(h)::bigint & 4294967295 <> duty_history_hash_extended(h, 0) & 4294967295) AS differences
FROM sample;
-- they are frozen: hash partitions on disk depend on them
SELECT duty_history_hash('{}'), duty_history_hash('{2025-02-01:1250,2025-02-18:-90.5}'),
	duty_history_hash_extended('{2025-02-01:1250,2025-02-18:-90.5}', 8816678312871386365);

-- sorted, grouped, joined and indexed
CREATE TEMP TABLE ordered AS SELECT row_number() OVER (ORDER BY h, id) AS place, id, h FROM sample;
CREATE INDEX ON ordered (h);
CREATE INDEX ON ordered USING hash (h);
ANALYZE ordered;
SET enable_seqscan = off; SET enable_sort = off; SET enable_bitmapscan = off;
EXPLAIN (COSTS off) SELECT place FROM ordered ORDER BY h LIMIT 1;
SELECT count(*) AS found, count(*) FILTER (WHERE o.h = s.h) AS equal FROM sample AS s, ordered AS o WHERE o.h = s.h AND o.id = s.id;
RESET enable_seqscan; RESET enable_sort; RESET enable_bitmapscan;
SELECT bool_and(h >= previous) AS in_order FROM (SELECT h, lag(h) OVER (ORDER BY place) AS previous FROM ordered) AS o WHERE previous IS NOT NULL;
SET enable_mergejoin = off; SET enable_nestloop = off;
EXPLAIN (COSTS off) SELECT count(*) FROM ordered JOIN sample USING (h);
SELECT count(*) FROM ordered JOIN (SELECT DISTINCT h FROM sample) AS s USING (h);
SET enable_hashjoin = off; SET enable_mergejoin = on;
SELECT count(*) FROM ordered JOIN (SELECT DISTINCT h FROM sample) AS s USING (h);
RESET enable_mergejoin; RESET enable_nestloop; RESET enable_hashjoin;
CREATE TEMP TABLE parts (h duty_history) PARTITION BY HASH (h);
CREATE TEMP TABLE part0 PARTITION OF parts FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TEMP TABLE part1 PARTITION OF parts FOR VALUES WITH (MODULUS 2, REMAINDER 1);
INSERT INTO parts SELECT h FROM sample;
EXPLAIN (COSTS off) SELECT FROM parts WHERE h = '{2025-02-01:1}';

--
-- + and -
--
SELECT '{2025-02-01:1,2025-03-01:2}'::duty_history + '{2025-02-01:-1,2025-02-18:0.5}' AS sum,
	'{2025-02-01:1,2025-03-01:2}'::duty_history - '{2025-02-01:1,2025-02-18:0.5}' AS difference,
	- '{2025-02-01:1,2025-03-01:-2}'::duty_history AS negated, - '{}'::duty_history AS nothing,
	'{2025-02-01:0.00000001}'::duty_history + '{2025-02-01:0.99999999}' AS no_decimals_left;
SELECT NULL::duty_history + '{}', '{}'::duty_history - NULL, - NULL::duty_history;
SELECT pg_temp.error_of($$SELECT '{2025-02-01:1701411834604692317316873037158.84105727}'::duty_history + '{2025-02-01:0.00000001}'$$);
SELECT pg_temp.error_of($$SELECT '{2025-02-01:-1701411834604692317316873037158.84105727}'::duty_history - '{2025-02-01:0.00000001}'$$);
SELECT - '{2025-02-01:1701411834604692317316873037158.84105727}'::duty_history;

CREATE TEMP TABLE sums AS
SELECT a.id, a.h AS a, b.h AS b,
	(SELECT pg_temp.stored(array_agg(cut), array_agg(amount)) FROM (
		SELECT cut, sum(amount) FROM (SELECT * FROM unnest(a.cuts, a.amounts)
			UNION ALL SELECT * FROM unnest(b.cuts, b.amounts)) AS u (cut, amount) GROUP BY cut) AS v (cut, amount)) AS sum,
	(SELECT pg_temp.stored(array_agg(cut), array_agg(amount)) FROM (
		SELECT cut, sum(amount) FROM (SELECT * FROM unnest(a.cuts, a.amounts)
			UNION ALL SELECT cut, -amount FROM unnest(b.cuts, b.amounts) AS u (cut, amount)) AS u (cut, amount) GROUP BY cut) AS v (cut, amount)) AS difference
FROM sample AS a JOIN sample AS b ON b.id = (a.id * 7 + (a.id % 2) * 5) % 1500 + 1;
SELECT count(*) AS pairs,
	count(*) FILTER (WHERE duty_history_send(a + b) <> sum) AS wrong_sums,
	count(*) FILTER (WHERE duty_history_send(a - b) <> difference) AS wrong_differences,
	count(*) FILTER (WHERE duty_history_send(a + b - b) <> duty_history_send(a)) AS not_returned,
	count(*) FILTER (WHERE duty_history_send(b + a) <> sum) AS not_commuted,
	count(*) FILTER (WHERE duty_history_send(a + (- b)) <> difference) AS not_negated,
	count(*) FILTER (WHERE a - a <> '{}') AS something_left
FROM sums;

--
-- size: a few bytes a slice, and no more memory than is used
--
SELECT octet_length(duty_history_send(h)) AS bytes
FROM (SELECT ('{' || string_agg(cut || ':' || 1000 + n % 7, ',' ORDER BY cut) || '}')::duty_history AS h
	FROM generate_series(0, 35) AS n, LATERAL (SELECT (date '2023-01-01' + n * interval '1 month')::date) AS m (month),
		LATERAL (VALUES (month), (month + 17), (month + 19), (month + 24)) AS s (cut)) AS dense;
-- two slices, the whole range of dates apart
SELECT '{4714-11-20 BC:1.00}'::duty_history + '{5874897-12-25:5.00}' AS sum,
	octet_length(duty_history_send('{4714-11-20 BC:1.00,5874897-12-25:5.00}')) AS bytes;
-- many slices far apart, then dense
SELECT octet_length(duty_history_send(rollup(h))) AS bytes, rollup(h) = rollup(h ORDER BY n DESC) AS any_order
FROM generate_series(1, 3000) AS n, LATERAL (SELECT ('{' || lpad((n * 997)::text, 4, '0') || '-02-01:0.01}')::duty_history) AS v (h)
WHERE n * 997 < 5874897;
-- a large one is compressed and stored out of line, and still the same
CREATE TEMP TABLE large AS
SELECT ('{' || string_agg(lpad(y::text, 4, '0') || '-' || lpad(m::text, 2, '0') || '-01:' || (hashint8extended(y * 12 + m, 0) & 1048575), ',' ORDER BY y, m) || '}')::duty_history AS h
FROM generate_series(1, 2500) AS y, generate_series(1, 12) AS m;
SELECT pg_column_size(h) > 60000 AS large, h + '{2025-02-18:1}' - '{2025-02-18:1}' = h AS same,
	duty_history_send((h::text)::duty_history) = duty_history_send(h) AS sent
FROM large;

-- A state as no aggregate leaves one. No one but a superuser can forge it.
SET client_min_messages = warning;
CREATE TYPE forgery;
CREATE FUNCTION forgery_in(cstring) RETURNS forgery LANGUAGE internal IMMUTABLE STRICT AS 'byteain';
CREATE FUNCTION forgery_out(forgery) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'byteaout';
CREATE TYPE forgery (INPUT = forgery_in, OUTPUT = forgery_out, ALIGNMENT = double, STORAGE = extended);
RESET client_min_messages;
CREATE CAST (forgery AS duty_history) WITHOUT FUNCTION;
-- fields of a struct, the lowest byte first, as this machine has them
CREATE FUNCTION pg_temp.native(fields text) RETURNS text LANGUAGE sql AS $$
	SELECT coalesce(string_agg(CASE WHEN get_byte(pg_read_binary_file('global/pg_control', 8, 1), 0) <> 0 THEN field
		ELSE (SELECT string_agg(substr(field, i, 2), '' ORDER BY i DESC) FROM generate_series(1, length(field), 2) AS i) END, '' ORDER BY n), '')
	FROM string_to_table(fields, ' ') WITH ORDINALITY AS f (field, n)
$$;
CREATE FUNCTION pg_temp.forged(kind text, span text, base text, room text, used text, slots text) RETURNS text
LANGUAGE sql AS $$
	SELECT ('\xf1' || kind || span || '00' || pg_temp.native(concat_ws(' ', base, room, used, '00000080', '0100000000000000', nullif(slots, ''))))::forgery::duty_history::text
$$;
-- one that could be: two entries, of 1 dollar in the slice of 2000-01-01 and of 2 dollars in the next
SELECT pg_temp.forged('03', '00', '00000000', '02000000', '02000000',
	'00e1f505000000000000000000000000 00000000 00000000 00c2eb0b000000000000000000000000 01000000 00000000');
-- slots that are farther apart than can be, or add up past an integer
SELECT pg_temp.error_of($$SELECT pg_temp.forged('03', '00', '00000000', '02000000', '02000000',
	'ffffffffffffffffffffffffffffff7f 006cca88 00000000 ffffffffffffffffffffffffffffff7f 00943577 00000000')$$);
SELECT pg_temp.error_of($$SELECT pg_temp.forged('03', '02', '00000000', '01000000', '01000000',
	'00e1f505000000000000000000000000 00000020 00000000')$$);
SELECT pg_temp.error_of($$SELECT pg_temp.forged('00', '00', 'ffffff7f', '02000000', '00000000', '01000000 01000000')$$);
-- the amount that has no negative
SELECT pg_temp.error_of($$SELECT pg_temp.forged('02', '00', '00000000', '01000000', '00000000', '00000000000000000000000000000080')$$);
-- too little, too much, of no kind
SELECT pg_temp.error_of($$SELECT pg_temp.forged('00', '00', '00000000', '03000000', '00000000', '01000000 01000000')$$);
SELECT pg_temp.error_of($$SELECT pg_temp.forged('03', '00', '00000000', '01000000', '02000000',
	'00e1f505000000000000000000000000 00000000 00000000')$$);
SELECT pg_temp.error_of($$SELECT pg_temp.forged('04', '00', '00000000', '00000000', '00000000', '')$$);
SELECT pg_temp.error_of($$SELECT pg_temp.forged('00', '01', '00000000', '00000000', '00000000', '')$$);
SELECT pg_temp.error_of($$SELECT '\xf1'::forgery::duty_history::text$$), pg_temp.error_of($$SELECT '\x'::forgery::duty_history::text$$),
	pg_temp.error_of($$SELECT '\x2000'::forgery::duty_history::text$$);
SET client_min_messages = warning;
DROP TYPE forgery CASCADE;
RESET client_min_messages;

DROP TABLE sample, returned, pair, ordered, parts, sums, large;
