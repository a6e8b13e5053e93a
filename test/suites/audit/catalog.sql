-- What the catalog says of each function, aggregate, operator and cast of the
-- extension: the first columns of objects.tsv.
\pset format unaligned
\pset tuples_only on
\pset fieldsep '\t'
WITH member AS (
	SELECT classid, objid FROM pg_depend
	WHERE deptype = 'e' AND refclassid = 'pg_extension'::regclass
		AND refobjid = (SELECT oid FROM pg_extension WHERE extname = 'carm')),
properties AS (
	SELECT p.oid, prosrc, prokind,
		concat_ws(E'\t',
			CASE provolatile WHEN 'i' THEN 'immutable' WHEN 's' THEN 'stable' ELSE 'volatile' END,
			CASE WHEN proisstrict THEN 'strict' ELSE 'called' END,
			CASE proparallel WHEN 's' THEN 'safe' WHEN 'r' THEN 'restricted' ELSE 'unsafe' END,
			CASE WHEN proleakproof THEN 'leakproof' ELSE '-' END,
			procost,
			-- in C or, for aggregates, the server; with the rights and settings of the caller; for anyone to call
			CASE WHEN lanname = 'c' AND probin ~ '^\$libdir/carm' OR lanname = 'internal' AND prokind = 'a' THEN '' ELSE 'not C ' END ||
			CASE WHEN prosecdef THEN 'definer ' ELSE '' END || CASE WHEN proconfig IS NOT NULL THEN 'settings ' ELSE '' END ||
			CASE WHEN proacl IS NULL THEN 'public' ELSE proacl::text END) AS properties
	FROM pg_proc p JOIN pg_language l ON l.oid = prolang)
SELECT object, calls, properties FROM (
SELECT CASE prokind WHEN 'a' THEN 'aggregate ' ELSE 'function ' END || p.oid::regprocedure AS object,
	CASE prokind WHEN 'a' THEN concat_ws(' ', aggtransfn::regproc, nullif(aggcombinefn, 0)::regproc, nullif(aggmtransfn, 0)::regproc, nullif(aggminvtransfn, 0)::regproc, nullif(aggfinalfn, 0)::regproc)
		ELSE prosrc END AS calls, properties
FROM properties p JOIN member ON classid = 'pg_proc'::regclass AND objid = p.oid LEFT JOIN pg_aggregate ON aggfnoid = p.oid
UNION ALL
SELECT 'operator ' || o.oid::regoperator, oprcode::regprocedure::text, properties
FROM pg_operator o JOIN member ON classid = 'pg_operator'::regclass AND objid = o.oid JOIN properties p ON p.oid = oprcode
UNION ALL
SELECT format('cast (%s AS %s) %s', castsource::regtype, casttarget::regtype,
		CASE castcontext WHEN 'i' THEN 'implicit' WHEN 'a' THEN 'assignment' ELSE 'explicit' END), castfunc::regprocedure::text, properties
FROM pg_cast c JOIN member ON classid = 'pg_cast'::regclass AND objid = c.oid JOIN properties p ON p.oid = castfunc
) o
ORDER BY object COLLATE "C";
