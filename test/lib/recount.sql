\set echo :ECHO
\set ECHO none
-- recount(source, target, condition): the slices of a table's rows by plain SQL,
-- beside those its live history shows as text: what differs. The table has the
-- columns account, released and duties. wrong() adds what verify_duties finds.
CREATE FUNCTION slice_of(day date) RETURNS date LANGUAGE sql IMMUTABLE AS $$
	SELECT date_trunc('month', day)::date +
		CASE WHEN extract(day FROM day) >= 25 THEN 24 WHEN extract(day FROM day) >= 20 THEN 19
			WHEN extract(day FROM day) >= 18 THEN 17 ELSE 0 END
$$;
CREATE FUNCTION recount(source regclass, target regclass, condition text DEFAULT 'true', OUT account text, OUT day date,
	OUT expected numeric, OUT found numeric)
RETURNS SETOF record LANGUAGE plpgsql AS $body$
BEGIN
	RETURN QUERY EXECUTE format($$
		WITH expected AS (
			SELECT account::text AS a, slice_of(released) AS d, sum(duties) AS s, count(*) AS n FROM %s
			WHERE (%s) AND account IS NOT NULL AND released IS NOT NULL AND duties IS NOT NULL GROUP BY 1, 2
		), found AS (
			SELECT account::text AS a, split_part(slice, ':', 1)::date AS d, split_part(slice, ':', 2)::numeric AS s
			FROM %s, unnest(string_to_array(nullif(btrim(history::text, '{}'), ''), ',')) slice
		)
		SELECT coalesce(e.a, f.a), coalesce(e.d, f.d), e.s, f.s
		FROM (SELECT * FROM expected WHERE s <> 0) e FULL JOIN found f ON e.a = f.a AND e.d = f.d
		WHERE e.s IS DISTINCT FROM f.s
		UNION ALL
		SELECT coalesce(e.a, t.account::text), NULL, e.n, NULL
		FROM (SELECT a, sum(n) AS n FROM expected GROUP BY 1) e FULL JOIN %s t ON t.account::text = e.a
		WHERE e.a IS NULL OR t.account IS NULL
	$$, source, condition, target, target);
END
$body$;
CREATE FUNCTION wrong(source regclass, target name, condition text DEFAULT 'true')
RETURNS TABLE (account text, day date, expected numeric, found numeric) LANGUAGE sql AS $$
	SELECT * FROM recount(source, target::regclass, condition)
	UNION ALL SELECT account, NULL, total_duties(expected, NULL, NULL), total_duties(found, NULL, NULL)
	FROM verify_duties(source, target)
$$;
\set ECHO :echo
