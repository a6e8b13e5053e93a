--
-- Mutated values of duty_history: received, read from text, and read as if they
-- had been stored. Run by test/suites/hostile/run, which sets :inputs.
--
SELECT setseed(0.20251019);

-- Valid histories of all sorts: sparse and dense, of any scale, up to the largest.
CREATE TABLE seeds AS
SELECT row_number() OVER ()::integer AS n, h, duty_history_send(h) AS bytes, h::text AS text
FROM generate_series(1, 300) AS i, LATERAL (
	SELECT coalesce(duty_history(day, amount), '{}')
	FROM (SELECT CASE i % 4 WHEN 0 THEN '2025-01-01'::date + (random() * 400)::integer
			WHEN 1 THEN '2020-01-01'::date + (random() * 100000)::integer
			WHEN 2 THEN '4714-11-24 BC'::date + (random() * 2e9)::integer
			ELSE '2025-03-01'::date END,
		CASE i % 5 WHEN 0 THEN round((random() * 1e6)::numeric, 2) WHEN 1 THEN round((random() * 1e6)::numeric, 8)
			WHEN 2 THEN (random() * 1e20)::numeric WHEN 3 THEN trunc((random() * 10)::numeric) - 5
			ELSE round(170141183460469231731687303715.88410572 * sign(i % 2 - 0.5) / 64, 8) END
		FROM generate_series(1, (random() * random() * 60)::integer)) AS r (day, amount)) AS v (h);

-- Aggregates without a final function show the working form, of each kind.
CREATE AGGREGATE slices(date, numeric) (SFUNC = duty_history_transfn, STYPE = duty_history);
CREATE AGGREGATE months(date, numeric) (SFUNC = monthly_duty_transfn, STYPE = duty_history);
CREATE AGGREGATE window_months(date, numeric, date) (SFUNC = window_duty_transfn, STYPE = duty_history);
CREATE TABLE working_seeds AS
SELECT row_number() OVER ()::integer AS n, h, bytes_of(h) AS bytes
FROM generate_series(1, 60) AS i, LATERAL (
	SELECT CASE i % 3 WHEN 0 THEN slices(day, amount) WHEN 1 THEN months(day, amount)
		ELSE window_months(day, amount, '2025-12-31') END
	FROM (SELECT CASE WHEN i % 2 = 0 THEN '2025-01-01'::date + (random() * 400)::integer
			ELSE '4714-11-24 BC'::date + (random() * 2e9)::integer END,
		CASE i % 4 WHEN 0 THEN round((random() * 1e6)::numeric, 2) WHEN 1 THEN round((random() * 1e6)::numeric, 8)
			ELSE (random() * 1e25)::numeric(38, 8) END
		FROM generate_series(1, 1 + (random() * 40)::integer)) AS r (day, amount)) AS v (h);

CREATE FUNCTION random_bytes(length integer) RETURNS bytea LANGUAGE sql
RETURN substr(decode(md5(random()::text) || md5(random()::text), 'hex'), 1, length);

-- One to four changes: a bit, a byte, a cut, an addition, a splice, a repetition.
CREATE FUNCTION mutate(b bytea, other bytea) RETURNS bytea LANGUAGE plpgsql AS $$
DECLARE
	at integer;
BEGIN
	FOR i IN 1 .. 1 + (random() * random() * 4)::integer LOOP
		at := (random() * (length(b) - 1))::integer;
		CASE (random() * 9)::integer
			WHEN 0, 1 THEN
				IF length(b) > 0 THEN b := set_bit(b, at * 8 + (random() * 7)::integer, (random() * 1)::integer); END IF;
			WHEN 2, 3 THEN
				IF length(b) > 0 THEN b := set_byte(b, at, (random() * 255)::integer); END IF;
			WHEN 4 THEN
				IF length(b) > 0 THEN b := set_byte(b, at, (ARRAY[0, 1, 16, 18, 127, 128, 241, 255])[1 + (random() * 7)::integer]); END IF;
			WHEN 5 THEN
				b := substr(b, 1, greatest(at, 0));
			WHEN 6 THEN
				b := b || random_bytes((random() * 20)::integer);
			WHEN 7 THEN
				b := substr(b, 1, greatest(at, 0)) || substr(other, 1 + (random() * length(other))::integer);
			WHEN 8 THEN
				b := substr(b, 1, greatest(at, 0)) || substr(b, greatest(at - 3, 1));
			ELSE
				b := overlay(b PLACING (ARRAY['\x00000080', '\xffffff7f', '\xffffffff', '\x00000000', '\x00000040', '\xf1'])[1 + (random() * 5)::integer]::bytea
					FROM 1 + greatest(at, 0));
		END CASE;
	END LOOP;
	RETURN b;
END $$;

-- The same of text, by characters that mean something.
CREATE FUNCTION mutate(t text, other text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	at integer;
	piece text;
BEGIN
	FOR i IN 1 .. 1 + (random() * random() * 4)::integer LOOP
		at := (random() * length(t))::integer;
		piece := (ARRAY['0', '9', '1', '-', ':', ',', '{', '}', '.', ' ', ' BC', '0000', '-01:', '5874897', '4714-11-20 BC',
			'2025-02-18:1', '99999999999999999999999999999999999999', 'NaN', 'e5', 'é', '٣', E'\t', '+', 'infinity'])[1 + (random() * 23)::integer];
		CASE (random() * 6)::integer
			WHEN 0 THEN t := overlay(t PLACING piece FROM at + 1 FOR length(piece));
			WHEN 1 THEN t := overlay(t PLACING piece FROM at + 1 FOR 0);
			WHEN 2 THEN t := overlay(t PLACING '' FROM at + 1 FOR 1 + (random() * 3)::integer);
			WHEN 3 THEN t := left(t, at);
			WHEN 4 THEN t := left(t, at) || right(other, (random() * length(other))::integer);
			WHEN 5 THEN t := replace(t, '-18:', '-20:');
			ELSE t := overlay(t PLACING ((random() * 9)::integer)::text FROM at + 1 FOR 1);
		END CASE;
	END LOOP;
	RETURN t;
END $$;

-- What is wrong with a value that was let in, or NULL.
CREATE FUNCTION fault(h duty_history) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	IF receive(duty_history_send(h)) IS DISTINCT FROM h THEN RETURN 'binary form'; END IF;
	IF duty_history_send(h::text::duty_history) IS DISTINCT FROM duty_history_send(h) THEN RETURN 'text form'; END IF;
	IF NOT (h = h AND h <= h) OR h < h OR duty_history_cmp(h, h) <> 0 THEN RETURN 'comparison'; END IF;
	BEGIN
		IF duty_history_send(h + h - h) <> duty_history_send(h) OR -(-h) <> h THEN RETURN 'sum'; END IF;
		PERFORM security_position(h, 1000, 1000, as_of => '2025-12-31');
		PERFORM peak_monthly_duty(h), peak_period(h, basis => 'review');
	EXCEPTION WHEN numeric_value_out_of_range OR datetime_field_overflow THEN
		NULL;
	END;
	RETURN NULL;
END $$;

CREATE TABLE outcome (kind text, outcome text, n bigint, example text);

CREATE PROCEDURE try_received(inputs integer) LANGUAGE plpgsql AS $$
DECLARE
	seeds bytea[] := ARRAY(SELECT bytes FROM seeds UNION ALL (SELECT bytes FROM working_seeds LIMIT 20));
	tally jsonb := '{}';
	input bytea;
	what text;
	h duty_history;
BEGIN
	FOR i IN 1 .. inputs LOOP
		input := mutate(seeds[1 + (random() * (cardinality(seeds) - 1))::integer], seeds[1 + (random() * (cardinality(seeds) - 1))::integer]);
		BEGIN
			h := receive(input);
			what := coalesce(fault(h), CASE WHEN duty_history_send(h) = input THEN 'value' ELSE 'other bytes' END);
		EXCEPTION WHEN OTHERS THEN
			what := SQLSTATE;
		END;
		IF NOT tally ? what THEN INSERT INTO outcome VALUES ('received', what, 0, input::text); END IF;
		tally := jsonb_set(tally, ARRAY[what], to_jsonb(coalesce((tally ->> what)::bigint, 0) + 1));
	END LOOP;
	UPDATE outcome SET n = (tally ->> outcome)::bigint WHERE kind = 'received';
END $$;

CREATE PROCEDURE try_texts(inputs integer) LANGUAGE plpgsql AS $$
DECLARE
	seeds text[] := ARRAY(SELECT text FROM seeds WHERE length(text) < 600);
	tally jsonb := '{}';
	input text;
	what text;
	h duty_history;
BEGIN
	FOR i IN 1 .. inputs LOOP
		input := mutate(seeds[1 + (random() * (cardinality(seeds) - 1))::integer], seeds[1 + (random() * (cardinality(seeds) - 1))::integer]);
		BEGIN
			h := input::duty_history;
			what := coalesce(fault(h), 'value');
		EXCEPTION WHEN OTHERS THEN
			what := SQLSTATE;
		END;
		IF NOT tally ? what THEN INSERT INTO outcome VALUES ('text', what, 0, input); END IF;
		tally := jsonb_set(tally, ARRAY[what], to_jsonb(coalesce((tally ->> what)::bigint, 0) + 1));
	END LOOP;
	UPDATE outcome SET n = (tally ->> outcome)::bigint WHERE kind = 'text';
END $$;

-- Stored and working forms that no function of ours has written. Only a
-- superuser's module or a broken disk can bring them about.
CREATE PROCEDURE try_damaged(inputs integer) LANGUAGE plpgsql AS $$
DECLARE
	stored bytea[] := ARRAY(SELECT bytes FROM seeds);
	working bytea[] := ARRAY(SELECT bytes FROM working_seeds);
	uses text[] := ARRAY[
		'SELECT $1::text', 'SELECT duty_history_send($1)', 'SELECT duty_history_hash($1), duty_history_hash_extended($1, 7)',
		'SELECT duty_history_cmp($1, $2), $1 = $2, $2 < $1', 'SELECT $1 + $2', 'SELECT $2 - $1', 'SELECT -$1',
		'SELECT peak_monthly_duty($1), peak_monthly_duty($1, ''2025-12-31'', ''billing'')', 'SELECT peak_period($1, basis => ''statement'')',
		'SELECT security_position($1, 100, 100, ''2025-12-31'')', 'SELECT count(*) FROM (SELECT monthly_duties($1, ''review'') LIMIT 30) AS r',
		'SELECT count(*) FROM (SELECT security_timeline($1) LIMIT 30) AS r', 'SELECT total_duties($1, ''2025-01-01'', NULL)',
		'SELECT rollup(h) FROM (VALUES ($1), ($2), ($1)) AS v (h)', 'SELECT rollup(h) FROM (VALUES ($2), ($1)) AS v (h)',
		'SELECT count(r) FROM (SELECT rollup(h) OVER (ORDER BY n ROWS 1 PRECEDING) AS r FROM (VALUES (1, $1), (2, $2), (3, $1)) AS v (n, h)) AS w',
		'SELECT given(h) FROM (VALUES ($1)) AS v (h)', 'SELECT given_peak(h) FROM (VALUES ($1)) AS v (h)',
		'SELECT count(r) FROM (SELECT given_moving(h) OVER (ORDER BY n ROWS 1 PRECEDING) AS r FROM (VALUES (1, $1), (2, $2), (3, $1)) AS v (n, h)) AS w'];
	tally jsonb := '{}';
	a bytea;
	b bytea;
	what text;
BEGIN
	FOR i IN 1 .. inputs LOOP
		IF random() < 0.7 THEN
			a := mutate(working[1 + (random() * (cardinality(working) - 1))::integer], working[1 + (random() * (cardinality(working) - 1))::integer]);
			-- header fields lie in the first 28 bytes
			IF random() < 0.5 AND length(a) > 28 THEN
				a := overlay(a PLACING (ARRAY['\x00000080', '\xffffff7f', '\xffffffff', '\x00000000', '\x00000040', '\x02000000', '\x99a8ffff'])[1 + (random() * 6)::integer]::bytea
					FROM 5 + 4 * (random() * 5)::integer);
			END IF;
		ELSE
			a := mutate(stored[1 + (random() * (cardinality(stored) - 1))::integer], stored[1 + (random() * (cardinality(stored) - 1))::integer]);
		END IF;
		b := CASE WHEN random() < 0.5 THEN stored[1 + (random() * (cardinality(stored) - 1))::integer] ELSE working[1 + (random() * (cardinality(working) - 1))::integer] END;
		BEGIN
			EXECUTE uses[1 + (i % cardinality(uses))] USING damaged(a), damaged(b);
			what := 'value';
		EXCEPTION WHEN OTHERS THEN
			what := SQLSTATE;
		END;
		IF NOT tally ? what THEN INSERT INTO outcome VALUES ('damaged', what, 0, format('%s with %s, %s', uses[1 + (i % cardinality(uses))], a, b)); END IF;
		tally := jsonb_set(tally, ARRAY[what], to_jsonb(coalesce((tally ->> what)::bigint, 0) + 1));
	END LOOP;
	UPDATE outcome SET n = (tally ->> outcome)::bigint WHERE kind = 'damaged';
END $$;

-- States that somebody else's transition function gave to our final functions.
CREATE FUNCTION give(state duty_history, h duty_history) RETURNS duty_history LANGUAGE plpgsql AS 'BEGIN RETURN h; END';
CREATE AGGREGATE given(duty_history) (SFUNC = give, STYPE = duty_history, FINALFUNC = duty_history_finalfn);
CREATE AGGREGATE given_peak(duty_history) (SFUNC = give, STYPE = duty_history, FINALFUNC = required_bond_finalfn);
CREATE AGGREGATE given_moving(duty_history) (SFUNC = give, STYPE = duty_history, FINALFUNC = duty_history_finalfn,
	MSFUNC = give, MINVFUNC = rollup_invfn, MSTYPE = duty_history, MFINALFUNC = duty_history_finalfn);

CALL try_received(:inputs * 4 / 10);
CALL try_texts(:inputs * 4 / 10);
CALL try_damaged(:inputs * 2 / 10);
SELECT format('# %s: %s %s', kind, outcome, n) FROM outcome ORDER BY kind, outcome;
SELECT format('# example of %s %s: %s', kind, outcome, left(example, 2000)) FROM outcome
WHERE outcome <> ALL (CASE kind WHEN 'received' THEN ARRAY['value', '22P03'] WHEN 'text' THEN ARRAY['value', '22P02', '22003']
	ELSE ARRAY['value', 'XX001', '22003', '22008'] END);
SELECT CASE WHEN bool_and(outcome IN ('value', '22P03')) AND count(*) = 2 THEN '' ELSE 'not ' END
	|| format('ok - %s mutated binary forms: the same bytes, or 22P03', sum(n)) FROM outcome WHERE kind = 'received';
SELECT CASE WHEN bool_and(outcome IN ('value', '22P02', '22003')) AND count(*) > 1 THEN '' ELSE 'not ' END
	|| format('ok - %s mutated texts: a value that goes out and in, or 22P02, or 22003', sum(n)) FROM outcome WHERE kind = 'text';
SELECT CASE WHEN bool_and(outcome IN ('value', 'XX001', '22003', '22008')) AND count(*) > 1 THEN '' ELSE 'not ' END
	|| format('ok - %s damaged stored and working forms: an answer, or XX001, 22003, 22008', sum(n)) FROM outcome WHERE kind = 'damaged';
