--
-- What psql's \df+ says of functions: money is in dollars, and every error that
-- a function raises is named (test/sql/extension.sql: everything is explained)
--
SET client_min_messages = warning;

-- what one calls: not what stands behind types, operators, aggregates and indexes
CREATE TEMP TABLE called AS
SELECT p.oid, p.oid::regprocedure::text AS function, obj_description(p.oid, 'pg_proc') AS says, p.proallargtypes, p.proargtypes, p.prorettype
FROM pg_depend JOIN pg_proc AS p ON classid = 'pg_proc'::regclass AND objid = p.oid
WHERE refclassid = 'pg_extension'::regclass AND deptype = 'e'
	AND refobjid = (SELECT oid FROM pg_extension WHERE extname = 'carm')
	AND NOT EXISTS (SELECT FROM pg_operator WHERE oprcode = p.oid OR oprrest = p.oid OR oprjoin = p.oid)
	AND NOT EXISTS (SELECT FROM pg_aggregate WHERE p.oid IN (aggtransfn, aggfinalfn, aggcombinefn, aggmtransfn, aggminvtransfn, aggmfinalfn))
	AND NOT EXISTS (SELECT FROM pg_amproc WHERE amproc = p.oid)
	AND NOT EXISTS (SELECT FROM pg_proc AS q WHERE q.prosupport = p.oid)
	AND NOT EXISTS (SELECT FROM pg_type WHERE p.oid IN (typinput, typoutput, typreceive, typsend, typmodin, typmodout));

-- money is in dollars; a word is no explanation
SELECT count(*) FILTER (WHERE 'numeric'::regtype = ANY (proargtypes::oid[] || proallargtypes || prorettype)) AS with_money,
	count(*) FILTER (WHERE 'numeric'::regtype = ANY (proargtypes::oid[] || proallargtypes || prorettype) AND says !~ 'dollars') AS without_unit,
	count(*) FILTER (WHERE length(says) < 15) AS too_short
FROM called;

-- every error that a call raises is named, and every error named is raised
CREATE ROLE regress_carm_other;
CREATE TABLE tracked (account text, day date, amount numeric, note text);
CREATE TABLE untracked (LIKE tracked);
CREATE VIEW no_table AS TABLE tracked;
SELECT track_duties('tracked', 'account', 'day', 'amount', 'tracked_histories');
CREATE FUNCTION pg_temp.state_of(statement text) RETURNS text
LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE statement;
	RETURN 'none';
EXCEPTION WHEN OTHERS THEN
	RETURN SQLSTATE;
END $$;

CREATE TEMP TABLE raised AS
SELECT coalesce(to_regprocedure(function)::text, function) AS function, call, pg_temp.state_of(call) AS state
FROM (VALUES
	('bn9(text)', $$SELECT bn9('x'::text)$$),
	('bn9(character)', $$SELECT bn9('x'::bpchar)$$),
	('bn9(integer)', $$SELECT bn9(1)$$),
	('bn9(bigint)', $$SELECT bn9(-1::bigint)$$),
	('program_account(text)', $$SELECT program_account('x'::text)$$),
	('program_account(character)', $$SELECT program_account('x'::bpchar)$$),
	('program_account(bn9,text,integer)', $$SELECT program_account('123456782'::bn9, 'R1')$$),
	('program_account(program_account,integer,boolean)', $$SELECT '123456782RT0001'::program_account::program_account(RM)$$),
	('duty_history(date,numeric)', $$SELECT duty_history('2025-01-01', 'NaN')$$),
	('duty_history(date,numeric)', $$SELECT duty_history('infinity', 1)$$),
	('rollup(duty_history)', $$SELECT rollup(h::duty_history) FROM (VALUES ('{2025-01-01:1000000000000000000000000000000}'), ('{2025-01-01:1000000000000000000000000000000}')) AS v (h)$$),
	('peak_monthly_duty(date,numeric)', $$SELECT peak_monthly_duty('2025-01-01', 0.123456789)$$),
	('peak_monthly_duty(date,numeric)', $$SELECT peak_monthly_duty('-infinity', 1)$$),
	('required_bond(date,numeric)', $$SELECT required_bond('2025-01-01', 'Infinity')$$),
	('required_bond(date,numeric)', $$SELECT required_bond('-infinity', 1)$$),
	('required_deposit(date,numeric)', $$SELECT required_deposit('2025-01-01', 'Infinity')$$),
	('required_deposit(date,numeric)', $$SELECT required_deposit('-infinity', 1)$$),
	('peak_monthly_duty(date,numeric,date)', $$SELECT peak_monthly_duty(date '2025-01-01', numeric 'NaN', date '2025-02-01')$$),
	('peak_monthly_duty(date,numeric,date)', $$SELECT peak_monthly_duty(date '-infinity', 1.0, NULL::date)$$),
	('peak_monthly_duty(date,numeric,date)', $$SELECT peak_monthly_duty('2025-01-01', 1, d) FROM (VALUES (date '2025-02-01'), ('2025-03-02')) AS v (d)$$),
	('required_bond(date,numeric,date)', $$SELECT required_bond('2025-01-01', 'NaN', '2025-02-01')$$),
	('required_bond(date,numeric,date)', $$SELECT required_bond('-infinity', 1, NULL)$$),
	('required_bond(date,numeric,date)', $$SELECT required_bond('2025-01-01', 1, d) FROM (VALUES (date '2025-02-01'), ('2025-03-02')) AS v (d)$$),
	('required_deposit(date,numeric,date)', $$SELECT required_deposit('2025-01-01', 'NaN', '2025-02-01')$$),
	('required_deposit(date,numeric,date)', $$SELECT required_deposit('-infinity', 1, NULL)$$),
	('required_deposit(date,numeric,date)', $$SELECT required_deposit('2025-01-01', 1, d) FROM (VALUES (date '2025-02-01'), ('2025-03-02')) AS v (d)$$),
	('duty_period(date,month_basis)', $$SELECT duty_period('infinity')$$),
	('billing_period(date,billing_stream)', $$SELECT billing_period('infinity')$$),
	('statement_date(date,billing_stream)', $$SELECT statement_date('infinity')$$),
	('payment_due(date,billing_stream)', $$SELECT payment_due('infinity')$$),
	('accounting_due(date,date[],billing_stream)', $$SELECT accounting_due('infinity')$$),
	('accounting_due(date,date[],billing_stream)', $$SELECT accounting_due('2025-01-01', stream => 'csa_option_1')$$),
	('review_period(date)', $$SELECT review_period('infinity')$$),
	('review_due(date)', $$SELECT review_due('infinity')$$),
	('required_security(numeric,security_form,security_terms)', $$SELECT required_security(1.00, 'surety_bond', ROW(-1, 0, 0, NULL, 1, 0, 0)::security_terms)$$),
	('required_security(numeric,security_form,security_terms)', $$SELECT required_security(1.00, 'surety_bond', ROW(1, 0, NULL, NULL, 1, 0, 0)::security_terms)$$),
	('required_security(numeric,security_form,security_terms)', $$SELECT required_security('NaN'::numeric, 'surety_bond')$$),
	('peak_monthly_duty(duty_history,date,month_basis,integer)', $$SELECT peak_monthly_duty('{}'::duty_history, 'infinity')$$),
	('peak_monthly_duty(duty_history,date,month_basis,integer)', $$SELECT peak_monthly_duty('{}'::duty_history, months => 0)$$),
	('peak_monthly_duty(duty_history,date,month_basis,integer)', $$SELECT peak_monthly_duty('{2025-01-01:1000000000000000000000000000000,2025-01-18:1000000000000000000000000000000}'::duty_history)$$),
	('peak_period(duty_history,date,month_basis,integer)', $$SELECT peak_period('{}', 'infinity')$$),
	('peak_period(duty_history,date,month_basis,integer)', $$SELECT peak_period('{}', months => 0)$$),
	('peak_period(duty_history,date,month_basis,integer)', $$SELECT peak_period('{2025-01-01:1000000000000000000000000000000,2025-01-18:1000000000000000000000000000000}')$$),
	('required_security(duty_history,security_form,date,month_basis,integer,numeric,security_terms)', $$SELECT required_security('{}'::duty_history, 'surety_bond', 'infinity')$$),
	('required_security(duty_history,security_form,date,month_basis,integer,numeric,security_terms)', $$SELECT required_security('{}'::duty_history, 'surety_bond', projected_monthly => -1)$$),
	('required_security(duty_history,security_form,date,month_basis,integer,numeric,security_terms)', $$SELECT required_security('{2025-01-01:1000000000000000000000000000000,2025-01-18:1000000000000000000000000000000}'::duty_history, 'surety_bond')$$),
	('monthly_duties(duty_history,month_basis)', $$SELECT monthly_duties('{5874897-12-25:1}', 'statement')$$),
	('monthly_duties(duty_history,month_basis)', $$SELECT monthly_duties('{2025-01-01:1000000000000000000000000000000,2025-01-18:1000000000000000000000000000000}')$$),
	('security_timeline(duty_history,month_basis,integer,date,security_terms)', $$SELECT security_timeline('{}', months => 0)$$),
	('security_timeline(duty_history,month_basis,integer,date,security_terms)', $$SELECT security_timeline('{5874897-01-01:1}')$$),
	('security_timeline(duty_history,month_basis,integer,date,security_terms)', $$SELECT security_timeline('{2025-01-01:1000000000000000000000000000000,2025-01-18:1000000000000000000000000000000}')$$),
	('security_position(duty_history,numeric,numeric,date,month_basis,integer,numeric,numeric,security_terms)', $$SELECT security_position('{}', -1)$$),
	('security_position(duty_history,numeric,numeric,date,month_basis,integer,numeric,numeric,security_terms)', $$SELECT security_position('{}', as_of => 'infinity')$$),
	('security_position(duty_history,numeric,numeric,date,month_basis,integer,numeric,numeric,security_terms)', $$SELECT security_position('{}', 'NaN')$$),
	('total_duties(duty_history,date,date)', $$SELECT total_duties('{}', '2025-01-02')$$),
	('total_duties(duty_history,date,date)', $$SELECT total_duties('{}', 'infinity')$$),
	('total_duties(duty_history,date,date)', $$SELECT total_duties('{2025-01-01:1000000000000000000000000000000,2025-01-18:1000000000000000000000000000000}')$$),
	('required_security(duty_history,security_form,date,month_basis,integer,numeric,security_terms)', $$SELECT required_security('{}'::duty_history, 'surety_bond', terms => ROW(1, 0, NULL, NULL, 1, 0, 0)::security_terms)$$),
	('security_timeline(duty_history,month_basis,integer,date,security_terms)', $$SELECT security_timeline('{}', terms => ROW(1, 0, NULL, NULL, 1, 0, 0)::security_terms)$$),
	('security_position(duty_history,numeric,numeric,date,month_basis,integer,numeric,numeric,security_terms)', $$SELECT security_position('{}', terms => ROW(1, 0, NULL, NULL, 1, 0, 0)::security_terms)$$),
	('security_terms(numeric,numeric,numeric,numeric,numeric,numeric,numeric,date)', $$SELECT security_terms(bond_step => 0)$$),
	('security_terms(numeric,numeric,numeric,numeric,numeric,numeric,numeric,date)', $$SELECT security_terms(bond_rate => 'NaN')$$),
	('security_terms(numeric,numeric,numeric,numeric,numeric,numeric,numeric,date)', $$SELECT security_terms(on_date => 'infinity')$$),
	('security_policy(date)', $$SELECT security_policy('infinity')$$),
	('security_requirements(duty_history,date,numeric,month_basis,numeric,boolean,security_terms,date)', $$SELECT security_requirements('{}', '2025-01-01', -1)$$),
	('security_requirements(duty_history,date,numeric,month_basis,numeric,boolean,security_terms,date)', $$SELECT security_requirements('{}', '2025-01-01', terms => ROW(1, 0, NULL, NULL, 1, 0, 0)::security_terms)$$),
	('security_requirements(duty_history,date,numeric,month_basis,numeric,boolean,security_terms,date)', $$SELECT security_requirements('{}', 'infinity')$$),
	('security_requirements(duty_history,date,numeric,month_basis,numeric,boolean,security_terms,date)', $$SELECT security_requirements('{2025-01-01:1000000000000000000000000000000,2025-01-18:1000000000000000000000000000000}', '2025-02-20')$$),
	('peak_in_force(duty_history,date,date,numeric,month_basis,numeric,boolean)', $$SELECT peak_in_force('{}', '2026-01-01', '2025-01-01', -1)$$),
	('peak_in_force(duty_history,date,date,numeric,month_basis,numeric,boolean)', $$SELECT peak_in_force('{}', 'infinity', '2025-01-01')$$),
	('peak_in_force(duty_history,date,date,numeric,month_basis,numeric,boolean)', $$SELECT peak_in_force('{2025-01-01:1000000000000000000000000000000,2025-01-18:1000000000000000000000000000000}', '2026-01-01', '2025-02-20')$$),
	('duties_outstanding(duty_history,date,billing_stream)', $$SELECT duties_outstanding('{}', 'infinity')$$),
	('duties_outstanding(duty_history,date,billing_stream)', $$SELECT duties_outstanding('{2025-01-01:1000000000000000000000000000000,2025-01-18:1000000000000000000000000000000}', '2025-01-20', 'csa_option_1')$$),
	('security_readings(duty_history,numeric,date,security_terms)', $$SELECT security_readings('{}', -1)$$),
	('security_readings(duty_history,numeric,date,security_terms)', $$SELECT security_readings('{}', 1, terms => ROW(1, 0, NULL, NULL, 1, 0, 0)::security_terms)$$),
	('security_readings(duty_history,numeric,date,security_terms)', $$SELECT security_readings('{}', 1, 'infinity')$$),
	('security_readings(duty_history,numeric,date,security_terms)', $$SELECT security_readings('{2025-01-01:1000000000000000000000000000000,2025-01-18:1000000000000000000000000000000}', 1)$$),
	('shift_months(duty_history,integer)', $$SELECT shift_months('{2025-01-01:1}', 1000000000)$$),
	('duties_between(duty_history,date,date)', $$SELECT duties_between('{}', '2025-01-02')$$),
	('duties_between(duty_history,date,date)', $$SELECT duties_between('{}', 'infinity')$$),
	('portal_amount(text)', $$SELECT portal_amount('n/a')$$),
	('portal_date(text,boolean)', $$SELECT portal_date('03/08/2026')$$),
	('track_duties(regclass,name,name,name,name,text)', $$SET ROLE regress_carm_other; SELECT track_duties('tracked', 'account', 'day', 'amount', 't')$$),
	('track_duties(regclass,name,name,name,name,text)', $$SELECT track_duties('no_table', 'account', 'day', 'amount', 't')$$),
	('track_duties(regclass,name,name,name,name,text)', $$SELECT track_duties('tracked', 'acount', 'day', 'amount', 't')$$),
	('track_duties(regclass,name,name,name,name,text)', $$SELECT track_duties('tracked', 'account', 'note', 'amount', 't')$$),
	('track_duties(regclass,name,name,name,name,text)', $$SELECT track_duties('tracked', 'account', 'day', 'amount', 't', 'day < now()')$$),
	('track_duties(regclass,name,name,name,name,text)', $$SELECT track_duties('tracked', 'account', 'day', 'amount', 'tracked_histories')$$),
	('track_duties(regclass,name,name,name,name,text)', $$SELECT track_duties('tracked', 'account', 'day', 'amount', 'public.t')$$),
	('untrack_duties(regclass,name)', $$SET ROLE regress_carm_other; SELECT untrack_duties('tracked')$$),
	('untrack_duties(regclass,name)', $$SELECT untrack_duties('tracked', 'nothing')$$),
	('untrack_duties(regclass,name)', $$SELECT untrack_duties('untracked')$$),
	('verify_duties(regclass,name)', $$SET ROLE regress_carm_other; SELECT verify_duties('tracked')$$),
	('verify_duties(regclass,name)', $$SELECT verify_duties('tracked', 'nothing')$$),
	('verify_duties(regclass,name)', $$SELECT verify_duties('untracked')$$),
	('rebuild_duties(regclass,name)', $$SET ROLE regress_carm_other; SELECT rebuild_duties('tracked')$$),
	('rebuild_duties(regclass,name)', $$SELECT rebuild_duties('tracked', 'nothing')$$),
	('rebuild_duties(regclass,name)', $$SELECT rebuild_duties('untracked')$$),
	('fold_duties(regclass,name)', $$SET ROLE regress_carm_other; SELECT fold_duties('tracked')$$),
	('fold_duties(regclass,name)', $$SELECT fold_duties('tracked', 'nothing')$$),
	('fold_duties(regclass,name)', $$SELECT fold_duties('untracked')$$),
	('require_tracked(regclass,regclass)', $$SELECT require_tracked('tracked', 'tracked')$$)
) AS v (function, call);
BEGIN ISOLATION LEVEL REPEATABLE READ;
INSERT INTO raised
SELECT function, call, pg_temp.state_of(call)
FROM (VALUES
	('track_duties(regclass,name,name,name,name,text)', $$SELECT track_duties('untracked', 'account', 'day', 'amount', 't')$$),
	('rebuild_duties(regclass,name)', $$SELECT rebuild_duties('tracked')$$),
	('fold_duties(regclass,name)', $$SELECT fold_duties('tracked')$$)) AS v (function, call);
COMMIT;

SELECT function, state AS raised_but_not_named
FROM raised LEFT JOIN called USING (function)
WHERE state = 'none' OR says IS NULL OR says !~ state ORDER BY 1, 2;
SELECT function, named[1] AS named_but_not_raised
FROM called, regexp_matches(says, '\m(?:[02][0-9A-Z]{4}|4[0-9A-Z]{4}|55000)\M', 'g') AS named
WHERE NOT EXISTS (SELECT FROM raised WHERE raised.function = called.function AND state = named[1])
ORDER BY 1, 2;
SELECT count(*) > 60 AS many, count(DISTINCT function) > 30 AS of_many_functions, count(DISTINCT state) AS states FROM raised;

SELECT untrack_duties('tracked');
DROP VIEW no_table;
DROP TABLE tracked, untracked;
DROP ROLE regress_carm_other;
