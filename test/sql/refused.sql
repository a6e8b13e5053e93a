--
-- What is refused: each error names the argument or the value, and says what
-- to write instead
--
SET datestyle = 'ISO';
\getenv test PG_ABS_SRCDIR
\i :test/lib/error_of.sql

CREATE TEMP TABLE refused (topic text, call text);
INSERT INTO refused SELECT 'terms and policy', call FROM (VALUES
	($$SELECT security_terms(bond_rate => -0.5)$$),
	($$SELECT security_terms(bond_rate => 60)$$),
	($$SELECT security_terms(deposit_rate => 1.00000001)$$),
	($$SELECT security_terms(bond_minimum => -5)$$),
	($$SELECT security_terms(bond_minimum => 'NaN')$$),
	($$SELECT security_terms(bond_minimum => 'Infinity')$$),
	($$SELECT security_terms(bond_maximum => '-Infinity')$$),
	($$SELECT security_terms(bond_step => 0)$$),
	($$SELECT security_terms(bond_step => -100)$$),
	($$SELECT security_terms(bond_step => 0.001)$$),
	($$SELECT security_terms(bond_step => 'Infinity')$$),
	($$SELECT security_terms(bond_minimum => 5000.001)$$),
	($$SELECT security_terms(bond_rate => 0.123456789)$$),
	($$SELECT security_terms(bond_minimum => 20000000)$$),
	($$SELECT security_terms(bond_minimum => 1e40)$$),
	($$SELECT security_terms(on_date => 'infinity')$$),
	($$SELECT * FROM security_policy('infinity')$$),
	($$SELECT required_security(20050, 'surety_bond', ROW(NULL,1,2,3,4,5,6)::security_terms)$$),
	($$SELECT required_security(20050, 'surety_bond', ROW(0.5,1,2,3,NULL,5,6)::security_terms)$$),
	($$SELECT required_security(20050, 'surety_bond', ROW(0.5,10,2,3,1,5,6)::security_terms)$$),
	($$SELECT required_security(20050, 'surety_bond', ROW(0.5,10,20,0,1,5,6)::security_terms)$$),
	($$SELECT required_security(20050.123456789, 'surety_bond')$$),
	($$SELECT required_security('NaN'::numeric, 'surety_bond')$$),
	($$SELECT required_security('Infinity'::numeric, 'surety_bond')$$),
	($$SELECT required_security(1e40::numeric, 'surety_bond')$$),
	($$SELECT required_security(20050, 'surety_bond', ROW(60,5000,1e7,NULL,1,0,0)::security_terms)$$),
	($$SELECT required_security(1.1e30::numeric, 'surety_bond', security_terms(bond_rate => 1, bond_maximum => 'Infinity', bond_step => 1e30))$$)) AS v (call);
INSERT INTO refused SELECT 'a history read', call FROM (VALUES
	($$SELECT peak_monthly_duty('{2025-02-01:1}'::duty_history, as_of => 'infinity')$$),
	($$SELECT peak_monthly_duty('{2025-02-01:1}'::duty_history, months => 0)$$),
	($$SELECT required_security('{2025-02-01:1}'::duty_history, 'surety_bond', projected_monthly => -5)$$),
	($$SELECT required_security('{2025-02-01:1}'::duty_history, 'surety_bond', projected_monthly => 'NaN')$$),
	($$SELECT required_security('{2025-02-01:1}'::duty_history, 'surety_bond', projected_monthly => 1.123456789)$$),
	($$SELECT * FROM security_timeline('{2025-02-01:1}', until => 'infinity')$$),
	($$SELECT * FROM security_timeline('{2025-02-01:1}', months => -1)$$),
	($$SELECT * FROM security_timeline('{2025-02-01:1}', months => 2000000000)$$),
	($$SELECT count(*) FROM security_timeline('{2025-02-01:1}', until => '5874897-12-31')$$),
	($$SELECT * FROM monthly_duties('{5874897-12-25:1}', 'statement')$$),
	($$SELECT * FROM monthly_duties('{5874897-12-25:1}')$$),
	($$SELECT * FROM monthly_duties('{4714-11-18 BC:1}')$$)) AS v (call);
INSERT INTO refused SELECT 'the position', call FROM (VALUES
	($$SELECT * FROM security_position('{2025-02-01:1}', -5, NULL)$$),
	($$SELECT * FROM security_position('{2025-02-01:1}', 5.001, NULL)$$),
	($$SELECT * FROM security_position('{2025-02-01:1}', 5, 'NaN')$$),
	($$SELECT * FROM security_position('{2025-02-01:1}', 5, 1e40)$$),
	($$SELECT * FROM security_position('{2025-02-01:1}', 5, 1, as_of => '-infinity')$$),
	($$SELECT * FROM security_position('{2025-02-01:1}', 5, 1, months => 0)$$),
	($$SELECT * FROM security_position('{2025-02-01:1}', 5, 1, notified_peak => -1)$$),
	($$SELECT * FROM security_position('{2025-02-01:1}', 5, 1, notified_peak => 1.123456789)$$),
	($$SELECT * FROM security_position('{2025-02-01:1}', 5, 1, projected_monthly => -1)$$),
	($$SELECT * FROM security_position('{2025-02-01:1}', 5, 1, terms => ROW(NULL,1,2,3,4,5,6)::security_terms)$$),
	($$SELECT * FROM security_position('{2025-02-01:1.123}', 5, 1, as_of => '5874897-12-31')$$)) AS v (call);
INSERT INTO refused SELECT 'requirements', call FROM (VALUES
	($$SELECT * FROM security_requirements('{2025-02-01:1}', 'infinity')$$),
	($$SELECT * FROM security_requirements('{2025-02-01:1}', '2025-01-01', peak => -1)$$),
	($$SELECT * FROM security_requirements('{2025-02-01:1}', '2025-01-01', peak => 'NaN')$$),
	($$SELECT * FROM security_requirements('{2025-02-01:1}', '2025-01-01', projected_monthly => -1)$$),
	($$SELECT * FROM security_requirements('{2025-02-01:1}', '2025-01-01', until => 'infinity')$$),
	($$SELECT count(*) FROM security_requirements('{2025-02-01:1}', '2025-01-01', until => '5874897-12-31')$$),
	($$SELECT peak_in_force('{2025-02-01:1}', 'infinity', '2025-01-01')$$),
	($$SELECT peak_in_force('{2025-02-01:1}', '2025-01-01', '-infinity')$$),
	($$SELECT peak_in_force('{2025-02-01:1}', '2025-01-01', '2025-01-01', -5)$$)) AS v (call);
INSERT INTO refused SELECT 'unpaid', call FROM (VALUES
	($$SELECT * FROM duties_outstanding('{2025-02-01:1}', 'infinity')$$),
	($$SELECT * FROM duties_outstanding('{2025-02-01:1}', '5874897-12-31')$$)) AS v (call);
INSERT INTO refused SELECT 'histories made of others', call FROM (VALUES
	($$SELECT '{2025-02-01:1.25}'::duty_history * 1.12345678$$),
	($$SELECT '{2025-02-01:1.25}'::duty_history * 'NaN'$$),
	($$SELECT '{2025-02-01:1.25}'::duty_history * 'Infinity'::numeric$$),
	($$SELECT '{2025-02-01:1.25}'::duty_history * 1e40$$),
	($$SELECT '{2025-02-01:1.25}'::duty_history * 1e-40$$),
	($$SELECT '{2025-02-01:1.25}'::duty_history * (1e39+1e-3)$$),
	($$SELECT shift_months('{2025-02-01:1.25}', 2000000000)$$),
	($$SELECT shift_months('{2025-02-01:1.25}', -2147483648)$$),
	($$SELECT duties_between('{2025-02-01:1.25}', '2025-02-02', '2025-03-31')$$),
	($$SELECT duties_between('{2025-02-01:1.25}', '2025-02-01', '2025-03-30')$$),
	($$SELECT duties_between('{2025-02-01:1.25}', '2025-04-01', '2025-02-28')$$),
	($$SELECT duties_between('{2025-02-01:1.25}', 'infinity', '2025-02-28')$$),
	($$SELECT total_duties('{2025-02-01:1.25}', '2025-02-02', '2025-03-31')$$),
	($$SELECT total_duties('{2025-02-01:1.25}', '2025-02-01', '-infinity')$$),
	($$SELECT duties_between('{2025-02-01:1.25}', '5874897-12-30', NULL)$$),
	($$SELECT '{2025-02-01:170141183460469231731687303715.88}'::duty_history + '{2025-02-01:1700000000000000000000000000000}'$$)) AS v (call);
INSERT INTO refused SELECT 'a history written as text', call FROM (VALUES
	($$SELECT 'x'::duty_history$$),
	($$SELECT '{2025-02-01:1}x'::duty_history$$),
	($$SELECT '{2025-02-31:1}'::duty_history$$),
	($$SELECT '{2025-02-02:1}'::duty_history$$),
	($$SELECT '{2025-02-18:1,2025-02-01:1}'::duty_history$$),
	($$SELECT '{2025-02-18:1,2025-02-18:1}'::duty_history$$),
	($$SELECT '{2025-02-18:1e50}'::duty_history$$),
	($$SELECT '{2025-02-18:99999999999999999999999999999999999}'::duty_history$$),
	($$SELECT '{2025-02-18:1.123456789}'::duty_history$$),
	($$SELECT '{2025-02-18:NaN}'::duty_history$$),
	($$SELECT '{2025-02-18:1,234.50}'::duty_history$$),
	($$SELECT '{2025-02-18:1,234,567}'::duty_history$$),
	($$SELECT '{2025-02-18:1234,50,2025-02-25:1}'::duty_history$$),
	($$SELECT '{2025-02-18:1, 2:5}'::duty_history$$),
	($$SELECT '{2025-02-18:1,2025:5}'::duty_history$$),
	($$SELECT '{2025-02-18:}'::duty_history$$)) AS v (call);
INSERT INTO refused SELECT 'aggregates', call FROM (VALUES
	($$SELECT duty_history(d, a) FROM (VALUES (date 'infinity', 1::numeric)) v(d,a)$$),
	($$SELECT duty_history(d, a) FROM (VALUES (date '2025-01-02', 'NaN'::numeric)) v(d,a)$$),
	($$SELECT duty_history(d, a) FROM (VALUES (date '2025-01-02', 1.123456789::numeric)) v(d,a)$$),
	($$SELECT duty_history(d, a) FROM (VALUES (date '2025-01-02', 1e40::numeric)) v(d,a)$$),
	($$SELECT duty_history(d, a) FROM (VALUES (date '2025-01-02', 1e100000::numeric)) v(d,a)$$),
	($$SELECT '{2025-02-01:1.25}'::duty_history * (1e-1000 + 1)$$),
	($$SELECT peak_monthly_duty(d, a, 'infinity') FROM (VALUES (date '2025-01-02', 1::numeric)) v(d,a)$$),
	($$SELECT peak_monthly_duty(d, a, d) FROM (VALUES (date '2025-01-02', 1::numeric), ('2025-03-02', 3)) v(d,a)$$)) AS v (call);
INSERT INTO refused SELECT 'calendar', call FROM (VALUES
	($$SELECT duty_period('infinity','billing')$$),
	($$SELECT billing_period('infinity')$$),
	($$SELECT statement_date('-infinity')$$),
	($$SELECT payment_due('infinity')$$),
	($$SELECT accounting_due('infinity')$$),
	($$SELECT accounting_due('2025-01-01', stream => 'csa_option_1')$$),
	($$SELECT review_period('infinity')$$),
	($$SELECT review_due('infinity')$$),
	($$SELECT review_due('5874897-12-31')$$),
	($$SELECT payment_due('5874897-12-31')$$),
	($$SELECT duty_period('4714-11-24 BC','calendar')$$)) AS v (call);
INSERT INTO refused SELECT 'portal', call FROM (VALUES
	($$SELECT portal_amount('')$$),
	($$SELECT portal_date('')$$),
	($$SELECT portal_date('03/08/2026')$$)) AS v (call);
INSERT INTO refused SELECT 'readings', call FROM (VALUES
	($$SELECT * FROM security_readings('{2025-02-01:1}', -5)$$),
	($$SELECT * FROM security_readings('{2025-02-01:1}', 'NaN')$$),
	($$SELECT * FROM security_readings('{2025-02-01:1}', 5, as_of => 'infinity')$$)) AS v (call);
INSERT INTO refused SELECT 'accounts', call FROM (VALUES
	($$SELECT program_account('123456782'::bn9, 'R')$$),
	($$SELECT program_account('123456782'::bn9, 'R1')$$),
	($$SELECT program_account('123456782'::bn9, '')$$),
	($$SELECT program_account('123456782'::bn9, 'RM', 0)$$),
	($$SELECT program_account('123456782'::bn9, 'RM', 10000)$$),
	($$CREATE TABLE x (a program_account(1))$$),
	($$SELECT '123456782RT0001'::program_account(RM)$$)) AS v (call);

ALTER TABLE refused ADD id integer GENERATED ALWAYS AS IDENTITY, ADD error text;
UPDATE refused SET error = pg_temp.error_of(call);

-- every one is an error of more than one line
SELECT count(*), count(*) FILTER (WHERE error NOT LIKE E'_____: %\n%') AS without_help, count(*) FILTER (WHERE error = 'no error') AS accepted
FROM refused;

\pset format unaligned
\pset tuples_only
SELECT call || E'\n' || error || E'\n' FROM refused WHERE topic = 'terms and policy' ORDER BY id;
SELECT call || E'\n' || error || E'\n' FROM refused WHERE topic = 'a history read' ORDER BY id;
SELECT call || E'\n' || error || E'\n' FROM refused WHERE topic = 'the position' ORDER BY id;
SELECT call || E'\n' || error || E'\n' FROM refused WHERE topic = 'requirements' ORDER BY id;
SELECT call || E'\n' || error || E'\n' FROM refused WHERE topic = 'unpaid' ORDER BY id;
SELECT call || E'\n' || error || E'\n' FROM refused WHERE topic = 'histories made of others' ORDER BY id;
SELECT call || E'\n' || error || E'\n' FROM refused WHERE topic = 'a history written as text' ORDER BY id;
SELECT call || E'\n' || error || E'\n' FROM refused WHERE topic = 'aggregates' ORDER BY id;
SELECT call || E'\n' || error || E'\n' FROM refused WHERE topic = 'calendar' ORDER BY id;
SELECT call || E'\n' || error || E'\n' FROM refused WHERE topic = 'portal' ORDER BY id;
SELECT call || E'\n' || error || E'\n' FROM refused WHERE topic = 'readings' ORDER BY id;
SELECT call || E'\n' || error || E'\n' FROM refused WHERE topic = 'accounts' ORDER BY id;
