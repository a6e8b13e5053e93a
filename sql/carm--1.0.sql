/* carm: business numbers, duty histories and required security */

-- complain if script is sourced in psql, rather than via CREATE EXTENSION
\echo Use "CREATE EXTENSION carm" to load this file. \quit

--
-- Business numbers: bn9, program_account
--

--
-- Calendar: month_basis, periods, due dates
--

CREATE TYPE month_basis AS ENUM ('calendar', 'billing', 'statement', 'review');

COMMENT ON TYPE month_basis IS
'which days make a month: calendar (1st to the last day), billing (18th to the 17th), statement (25th to the 24th), review (20th to the 19th); a month is named after the one it ends in';

CREATE FUNCTION duty_period(date, basis month_basis DEFAULT 'calendar')
RETURNS daterange
AS 'MODULE_PATHNAME'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 2;

CREATE FUNCTION billing_period(date)
RETURNS daterange
AS 'MODULE_PATHNAME'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 2;

CREATE FUNCTION statement_date(date)
RETURNS date
AS 'MODULE_PATHNAME'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1;

CREATE FUNCTION payment_due(date)
RETURNS date
AS 'MODULE_PATHNAME'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1;

CREATE FUNCTION low_value_payment_due(date)
RETURNS date
AS 'MODULE_PATHNAME'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1;

CREATE FUNCTION accounting_due(date, holidays date[] DEFAULT '{}')
RETURNS date
AS 'MODULE_PATHNAME'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 2;

CREATE FUNCTION review_period(date)
RETURNS daterange
AS 'MODULE_PATHNAME'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 2;

CREATE FUNCTION review_due(date)
RETURNS date
AS 'MODULE_PATHNAME'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1;

COMMENT ON FUNCTION duty_period(date, month_basis) IS
'the month of the basis that a date belongs to, as a daterange without its upper bound; 22008 for an infinite date or bounds past the range of dates';
COMMENT ON FUNCTION billing_period(date) IS
'the billing period of a release date, the 18th to the 17th, as a daterange without its upper bound; 22008 for an infinite date or bounds past the range of dates';
COMMENT ON FUNCTION statement_date(date) IS
'the 25th on which the statement of account is issued that asks payment for a release date: the first after the end of its billing period; 22008 for an infinite date or a result past the range of dates';
COMMENT ON FUNCTION payment_due(date) IS
'the day by which the duties of a release date are to be paid: the 10th weekday (Monday to Friday, holidays counted) after the 17th that ends its billing period; 22008 for an infinite date or a result past the range of dates';
COMMENT ON FUNCTION low_value_payment_due(date) IS
'the day by which the duties of a courier low-value shipment released on a date are to be paid: the 10th weekday (Monday to Friday, holidays counted) after the 17th of the next month; 22008 for an infinite date or a result past the range of dates';
COMMENT ON FUNCTION accounting_due(date, date[]) IS
'the day by which goods released on a date are to be accounted for: the 5th business day after it, leaving out Saturdays, Sundays and the holidays given (any order; NULL and infinite ones name no day); 22008 for an infinite date or a result past the range of dates';
COMMENT ON FUNCTION review_period(date) IS
'the year of the annual security review that a date belongs to, 20 October to 19 October, as a daterange without its upper bound; 22008 for an infinite date or bounds past the range of dates';
COMMENT ON FUNCTION review_due(date) IS
'15 January after the end of the review period of a date, when a top-up of the security is due; computed for every year, though the first review was that due on 2026-01-15; 22008 for an infinite date or a result past the range of dates';

--
-- Duty histories
--

CREATE TYPE duty_history;

CREATE FUNCTION duty_history_in(cstring) RETURNS duty_history
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;

CREATE FUNCTION duty_history_out(duty_history) RETURNS cstring
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;

CREATE FUNCTION duty_history_recv(internal) RETURNS duty_history
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 5;

CREATE FUNCTION duty_history_send(duty_history) RETURNS bytea
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE TYPE duty_history (
	INPUT = duty_history_in,
	OUTPUT = duty_history_out,
	RECEIVE = duty_history_recv,
	SEND = duty_history_send,
	INTERNALLENGTH = VARIABLE,
	ALIGNMENT = double,
	STORAGE = extended
);

COMMENT ON TYPE duty_history IS
'what was owed, in dollars, exactly, by slice of month (cut at days 1, 18, 20 and 25): {2025-02-01:1250.00,2025-02-18:-90.50}; 22P02 for a text that is none';

COMMENT ON FUNCTION duty_history_in(cstring) IS 'I/O';
COMMENT ON FUNCTION duty_history_out(duty_history) IS 'I/O';
COMMENT ON FUNCTION duty_history_recv(internal) IS 'I/O';
COMMENT ON FUNCTION duty_history_send(duty_history) IS 'I/O';

CREATE FUNCTION duty_history_eq(duty_history, duty_history) RETURNS boolean
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 5;

COMMENT ON FUNCTION duty_history_eq(duty_history, duty_history) IS 'implementation of = operator';

CREATE FUNCTION duty_history_ne(duty_history, duty_history) RETURNS boolean
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 5;

COMMENT ON FUNCTION duty_history_ne(duty_history, duty_history) IS 'implementation of <> operator';

CREATE FUNCTION duty_history_lt(duty_history, duty_history) RETURNS boolean
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 5;

COMMENT ON FUNCTION duty_history_lt(duty_history, duty_history) IS 'implementation of < operator';

CREATE FUNCTION duty_history_le(duty_history, duty_history) RETURNS boolean
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 5;

COMMENT ON FUNCTION duty_history_le(duty_history, duty_history) IS 'implementation of <= operator';

CREATE FUNCTION duty_history_gt(duty_history, duty_history) RETURNS boolean
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 5;

COMMENT ON FUNCTION duty_history_gt(duty_history, duty_history) IS 'implementation of > operator';

CREATE FUNCTION duty_history_ge(duty_history, duty_history) RETURNS boolean
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 5;

COMMENT ON FUNCTION duty_history_ge(duty_history, duty_history) IS 'implementation of >= operator';

CREATE OPERATOR = (
	FUNCTION = duty_history_eq,
	LEFTARG = duty_history, RIGHTARG = duty_history,
	COMMUTATOR = =, NEGATOR = <>,
	RESTRICT = eqsel, JOIN = eqjoinsel,
	HASHES, MERGES
);

CREATE OPERATOR <> (
	FUNCTION = duty_history_ne,
	LEFTARG = duty_history, RIGHTARG = duty_history,
	COMMUTATOR = <>, NEGATOR = =,
	RESTRICT = neqsel, JOIN = neqjoinsel
);

CREATE OPERATOR < (
	FUNCTION = duty_history_lt,
	LEFTARG = duty_history, RIGHTARG = duty_history,
	COMMUTATOR = >, NEGATOR = >=,
	RESTRICT = scalarltsel, JOIN = scalarltjoinsel
);

CREATE OPERATOR <= (
	FUNCTION = duty_history_le,
	LEFTARG = duty_history, RIGHTARG = duty_history,
	COMMUTATOR = >=, NEGATOR = >,
	RESTRICT = scalarlesel, JOIN = scalarlejoinsel
);

CREATE OPERATOR > (
	FUNCTION = duty_history_gt,
	LEFTARG = duty_history, RIGHTARG = duty_history,
	COMMUTATOR = <, NEGATOR = <=,
	RESTRICT = scalargtsel, JOIN = scalargtjoinsel
);

CREATE OPERATOR >= (
	FUNCTION = duty_history_ge,
	LEFTARG = duty_history, RIGHTARG = duty_history,
	COMMUTATOR = <=, NEGATOR = <,
	RESTRICT = scalargesel, JOIN = scalargejoinsel
);

COMMENT ON OPERATOR = (duty_history, duty_history) IS 'equal: the same amount in every slice';
COMMENT ON OPERATOR <> (duty_history, duty_history) IS 'not equal';
COMMENT ON OPERATOR < (duty_history, duty_history) IS 'less: by the first slice that differs, the earlier one, then the lower amount';
COMMENT ON OPERATOR <= (duty_history, duty_history) IS 'less than or equal';
COMMENT ON OPERATOR > (duty_history, duty_history) IS 'greater than';
COMMENT ON OPERATOR >= (duty_history, duty_history) IS 'greater than or equal';

CREATE FUNCTION duty_history_cmp(duty_history, duty_history) RETURNS integer
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 5;

CREATE FUNCTION duty_history_hash(duty_history) RETURNS integer
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE FUNCTION duty_history_hash_extended(duty_history, bigint) RETURNS bigint
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION duty_history_cmp(duty_history, duty_history) IS 'less-equal-greater';
COMMENT ON FUNCTION duty_history_hash(duty_history) IS 'hash';
COMMENT ON FUNCTION duty_history_hash_extended(duty_history, bigint) IS 'hash';

CREATE OPERATOR CLASS duty_history_ops
DEFAULT FOR TYPE duty_history USING btree AS
	OPERATOR 1 <,
	OPERATOR 2 <=,
	OPERATOR 3 =,
	OPERATOR 4 >=,
	OPERATOR 5 >,
	FUNCTION 1 duty_history_cmp(duty_history, duty_history),
	FUNCTION 4 btequalimage(oid);

CREATE OPERATOR CLASS duty_history_ops
DEFAULT FOR TYPE duty_history USING hash AS
	OPERATOR 1 =,
	FUNCTION 1 duty_history_hash(duty_history),
	FUNCTION 2 duty_history_hash_extended(duty_history, bigint);

CREATE FUNCTION duty_history_add(duty_history, duty_history) RETURNS duty_history
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;

CREATE FUNCTION duty_history_subtract(duty_history, duty_history) RETURNS duty_history
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;

CREATE FUNCTION duty_history_negate(duty_history) RETURNS duty_history
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;

COMMENT ON FUNCTION duty_history_add(duty_history, duty_history) IS 'implementation of + operator';
COMMENT ON FUNCTION duty_history_subtract(duty_history, duty_history) IS 'implementation of - operator';
COMMENT ON FUNCTION duty_history_negate(duty_history) IS 'implementation of - operator';

CREATE OPERATOR + (
	FUNCTION = duty_history_add,
	LEFTARG = duty_history, RIGHTARG = duty_history, COMMUTATOR = +
);

CREATE OPERATOR - (
	FUNCTION = duty_history_subtract,
	LEFTARG = duty_history, RIGHTARG = duty_history
);

CREATE OPERATOR - (
	FUNCTION = duty_history_negate,
	RIGHTARG = duty_history
);

COMMENT ON OPERATOR + (duty_history, duty_history) IS 'what both histories owed together; 22003 where a sum can''t be held';
COMMENT ON OPERATOR - (duty_history, duty_history) IS 'the first history without the second; 22003 where a sum can''t be held';
COMMENT ON OPERATOR - (NONE, duty_history) IS 'the history with every amount negated';

--
-- Aggregates over dated amounts and over histories. Their states are
-- histories in a working form; see src/history_state.h.
--

CREATE FUNCTION duty_history_transfn(duty_history, date, numeric) RETURNS duty_history
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION duty_history_transfn(duty_history, date, numeric) IS 'aggregate transition function';

CREATE FUNCTION duty_history_invfn(duty_history, date, numeric) RETURNS duty_history
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION duty_history_invfn(duty_history, date, numeric) IS 'aggregate inverse transition function';

CREATE FUNCTION duty_history_combinefn(duty_history, duty_history) RETURNS duty_history
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION duty_history_combinefn(duty_history, duty_history) IS 'aggregate combine function';

CREATE FUNCTION duty_history_finalfn(duty_history) RETURNS duty_history
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION duty_history_finalfn(duty_history) IS 'aggregate final function';

CREATE FUNCTION rollup_invfn(duty_history, duty_history) RETURNS duty_history
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION rollup_invfn(duty_history, duty_history) IS 'aggregate inverse transition function';

CREATE FUNCTION monthly_duty_transfn(duty_history, date, numeric) RETURNS duty_history
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION monthly_duty_transfn(duty_history, date, numeric) IS 'aggregate transition function';

CREATE FUNCTION monthly_duty_invfn(duty_history, date, numeric) RETURNS duty_history
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION monthly_duty_invfn(duty_history, date, numeric) IS 'aggregate inverse transition function';

CREATE FUNCTION monthly_duty_combinefn(duty_history, duty_history) RETURNS duty_history
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION monthly_duty_combinefn(duty_history, duty_history) IS 'aggregate combine function';

CREATE FUNCTION window_duty_transfn(duty_history, date, numeric, date) RETURNS duty_history
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION window_duty_transfn(duty_history, date, numeric, date) IS 'aggregate transition function';

CREATE FUNCTION window_duty_invfn(duty_history, date, numeric, date) RETURNS duty_history
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION window_duty_invfn(duty_history, date, numeric, date) IS 'aggregate inverse transition function';

CREATE FUNCTION peak_monthly_duty_finalfn(duty_history) RETURNS numeric
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION peak_monthly_duty_finalfn(duty_history) IS 'aggregate final function';

CREATE AGGREGATE duty_history(date, numeric) (
	SFUNC = duty_history_transfn, STYPE = duty_history, SSPACE = 1024,
	FINALFUNC = duty_history_finalfn,
	COMBINEFUNC = duty_history_combinefn,
	MSFUNC = duty_history_transfn, MINVFUNC = duty_history_invfn, MSTYPE = duty_history, MSSPACE = 1024,
	MFINALFUNC = duty_history_finalfn,
	PARALLEL = SAFE
);

COMMENT ON AGGREGATE duty_history(date, numeric) IS
'the history of the rows: dates and amounts in dollars; rows with a NULL count for nothing, no rows give NULL; 22003 for an amount with more than eight decimals, NaN or infinity, 22008 for an infinite date';

CREATE AGGREGATE rollup(duty_history) (
	SFUNC = duty_history_combinefn, STYPE = duty_history, SSPACE = 1024,
	FINALFUNC = duty_history_finalfn,
	COMBINEFUNC = duty_history_combinefn,
	MSFUNC = duty_history_combinefn, MINVFUNC = rollup_invfn, MSTYPE = duty_history, MSSPACE = 1024,
	MFINALFUNC = duty_history_finalfn,
	PARALLEL = SAFE
);

COMMENT ON AGGREGATE rollup(duty_history) IS
'the merge of histories, slice by slice; no rows give NULL; 22003 where a sum can''t be held';

CREATE AGGREGATE peak_monthly_duty(date, numeric) (
	SFUNC = monthly_duty_transfn, STYPE = duty_history, SSPACE = 384,
	FINALFUNC = peak_monthly_duty_finalfn,
	COMBINEFUNC = monthly_duty_combinefn,
	MSFUNC = monthly_duty_transfn, MINVFUNC = monthly_duty_invfn, MSTYPE = duty_history, MSSPACE = 384,
	MFINALFUNC = peak_monthly_duty_finalfn,
	PARALLEL = SAFE
);

COMMENT ON AGGREGATE peak_monthly_duty(date, numeric) IS
'what the highest calendar month of the rows owed, in dollars, never below 0; rows with a NULL count for nothing, no rows give NULL; 22003 for an amount with more than eight decimals, NaN or infinity, 22008 for an infinite date';

CREATE AGGREGATE peak_monthly_duty(date, numeric, date) (
	SFUNC = window_duty_transfn, STYPE = duty_history, SSPACE = 128,
	FINALFUNC = peak_monthly_duty_finalfn,
	COMBINEFUNC = monthly_duty_combinefn,
	MSFUNC = window_duty_transfn, MINVFUNC = window_duty_invfn, MSTYPE = duty_history, MSSPACE = 128,
	MFINALFUNC = peak_monthly_duty_finalfn,
	PARALLEL = SAFE
);

COMMENT ON AGGREGATE peak_monthly_duty(date, numeric, date) IS
'what the highest of the 12 calendar months that ended by the third argument owed, in dollars, never below 0 (NULL: of all months); 22003 for an amount with more than eight decimals, NaN or infinity, 22008 for an infinite date in the window, 22023 where the third argument differs within a group';

--
-- Security: policy, required amounts
--

CREATE TYPE security_form AS ENUM ('surety_bond', 'cash_deposit');

COMMENT ON TYPE security_form IS
'how security is posted: surety_bond (a written security agreement) or cash_deposit';

CREATE FUNCTION required_security(peak numeric, form security_form, rate numeric DEFAULT NULL,
	minimum numeric DEFAULT NULL, maximum numeric DEFAULT NULL)
RETURNS numeric
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 2;

COMMENT ON FUNCTION required_security(numeric, security_form, numeric, numeric, numeric) IS
'the security required for a peak month, in dollars, to the cent, half away from zero: rate * peak, at least the minimum, at most the maximum, and 0 where nothing was owed; what is NULL is as security_policy() has it; 22023 for a negative figure or a minimum above the maximum, 22003 for a figure with more than eight decimals, NaN or infinity';

CREATE FUNCTION security_policy(OUT form security_form, OUT rate numeric, OUT minimum numeric, OUT maximum numeric,
	OUT in_force_since date, OUT source text, OUT certainty text)
RETURNS SETOF record
AS 'MODULE_PATHNAME' LANGUAGE C STABLE PARALLEL SAFE ROWS 2;

COMMENT ON FUNCTION security_policy() IS
'the policy that is built in, one row a form: rate of the peak, minimum and maximum in dollars (NULL: none), since when, by which source, and how sure that is';

CREATE FUNCTION required_bond_finalfn(duty_history) RETURNS numeric
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION required_bond_finalfn(duty_history) IS 'aggregate final function';

CREATE FUNCTION required_deposit_finalfn(duty_history) RETURNS numeric
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION required_deposit_finalfn(duty_history) IS 'aggregate final function';

CREATE AGGREGATE required_bond(date, numeric) (
	SFUNC = monthly_duty_transfn, STYPE = duty_history, SSPACE = 384,
	FINALFUNC = required_bond_finalfn,
	COMBINEFUNC = monthly_duty_combinefn,
	MSFUNC = monthly_duty_transfn, MINVFUNC = monthly_duty_invfn, MSTYPE = duty_history, MSSPACE = 384,
	MFINALFUNC = required_bond_finalfn,
	PARALLEL = SAFE
);

COMMENT ON AGGREGATE required_bond(date, numeric) IS
'the surety bond that the highest calendar month of the rows requires, in dollars; no rows give NULL; errors as peak_monthly_duty';

CREATE AGGREGATE required_bond(date, numeric, date) (
	SFUNC = window_duty_transfn, STYPE = duty_history, SSPACE = 128,
	FINALFUNC = required_bond_finalfn,
	COMBINEFUNC = monthly_duty_combinefn,
	MSFUNC = window_duty_transfn, MINVFUNC = window_duty_invfn, MSTYPE = duty_history, MSSPACE = 128,
	MFINALFUNC = required_bond_finalfn,
	PARALLEL = SAFE
);

COMMENT ON AGGREGATE required_bond(date, numeric, date) IS
'the surety bond that the highest of the 12 calendar months which ended by the third argument requires, in dollars; no rows give NULL; errors as peak_monthly_duty';

CREATE AGGREGATE required_deposit(date, numeric) (
	SFUNC = monthly_duty_transfn, STYPE = duty_history, SSPACE = 384,
	FINALFUNC = required_deposit_finalfn,
	COMBINEFUNC = monthly_duty_combinefn,
	MSFUNC = monthly_duty_transfn, MINVFUNC = monthly_duty_invfn, MSTYPE = duty_history, MSSPACE = 384,
	MFINALFUNC = required_deposit_finalfn,
	PARALLEL = SAFE
);

COMMENT ON AGGREGATE required_deposit(date, numeric) IS
'the cash deposit that the highest calendar month of the rows requires, in dollars; no rows give NULL; errors as peak_monthly_duty';

CREATE AGGREGATE required_deposit(date, numeric, date) (
	SFUNC = window_duty_transfn, STYPE = duty_history, SSPACE = 128,
	FINALFUNC = required_deposit_finalfn,
	COMBINEFUNC = monthly_duty_combinefn,
	MSFUNC = window_duty_transfn, MINVFUNC = window_duty_invfn, MSTYPE = duty_history, MSSPACE = 128,
	MFINALFUNC = required_deposit_finalfn,
	PARALLEL = SAFE
);

COMMENT ON AGGREGATE required_deposit(date, numeric, date) IS
'the cash deposit that the highest of the 12 calendar months which ended by the third argument requires, in dollars; no rows give NULL; errors as peak_monthly_duty';

--
-- Reading a history
--

CREATE FUNCTION peak_monthly_duty(history duty_history, as_of date DEFAULT NULL, basis month_basis DEFAULT 'calendar', months integer DEFAULT 12)
RETURNS numeric
AS 'MODULE_PATHNAME', 'history_peak_monthly_duty' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 20;

COMMENT ON FUNCTION peak_monthly_duty(duty_history, date, month_basis, integer) IS
'what the highest of the last months whole periods of the basis that ended by as_of (NULL: of all of the history) owed, in dollars, never below 0; 22008 for an infinite date, 22023 for months below 1';

CREATE FUNCTION peak_period(history duty_history, as_of date DEFAULT NULL, basis month_basis DEFAULT 'calendar', months integer DEFAULT 12)
RETURNS daterange
AS 'MODULE_PATHNAME', 'history_peak_period' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 20;

COMMENT ON FUNCTION peak_period(duty_history, date, month_basis, integer) IS
'the highest of the last months whole periods of the basis that ended by as_of (NULL: of all of the history), the latest if several are; NULL where none owed anything; 22008 for an infinite date, 22023 for months below 1';

CREATE FUNCTION required_security(history duty_history, form security_form, as_of date DEFAULT NULL, basis month_basis DEFAULT 'calendar', months integer DEFAULT 12,
	projected_monthly numeric DEFAULT NULL)
RETURNS numeric
AS 'MODULE_PATHNAME', 'history_required_security' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 20;

COMMENT ON FUNCTION required_security(duty_history, security_form, date, month_basis, integer, numeric) IS
'the security, in dollars, that the highest of the last months whole periods of the basis that ended by as_of (NULL: of all of the history) requires under security_policy(); projected_monthly counts as one of them while the history has fewer; 22008 for an infinite date, 22023 for months below 1 or a negative projection';

CREATE FUNCTION monthly_duties(history duty_history, basis month_basis DEFAULT 'calendar',
	OUT period daterange, OUT duties numeric)
RETURNS SETOF record
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 20 ROWS 36;

COMMENT ON FUNCTION monthly_duties(duty_history, month_basis) IS
'what each period of the basis owed, in dollars, from the first to the last, gaps as 0';

CREATE FUNCTION security_timeline(history duty_history, basis month_basis DEFAULT 'calendar', months integer DEFAULT 12,
	until date DEFAULT NULL,
	OUT period daterange, OUT duties numeric, OUT peak numeric, OUT peak_period daterange,
	OUT required_bond numeric, OUT required_deposit numeric)
RETURNS SETOF record
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 20 ROWS 48;

COMMENT ON FUNCTION security_timeline(duty_history, month_basis, integer, date) IS
'one row a period from the first to the one around until (NULL: until the last owed period has left the window): what it owed, the peak of the window that ends with it, and what that requires, in dollars; periods after the data forecast what is required if nothing more is imported; 22023 for months below 1, 22008 past the range of dates';

CREATE FUNCTION security_position(history duty_history, bond numeric, deposit numeric, as_of date DEFAULT NULL, basis month_basis DEFAULT 'calendar', months integer DEFAULT 12,
	projected_monthly numeric DEFAULT NULL,
	OUT peak numeric, OUT peak_period daterange, OUT required_bond numeric, OUT required_deposit numeric,
	OUT posted_bond numeric, OUT posted_deposit numeric, OUT shortfall_bond numeric, OUT shortfall_deposit numeric,
	OUT status text, OUT months_of_history integer, OUT estimated boolean,
	OUT current_period daterange, OUT current_duties numeric, OUT headroom numeric)
RETURNS record
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 50;

COMMENT ON FUNCTION security_position(duty_history, numeric, numeric, date, month_basis, integer, numeric) IS
'how posted security (bond and deposit in dollars, NULL: none) compares with what the history (NULL: nothing owed yet) requires: peak, required, posted and missing amounts (shortfall_bond if the rest is to be a bond, shortfall_deposit if cash), status (none required, covered, short, none posted), and headroom: what may still be owed in the current period (NULL: without limit, or without as_of); 22023 for negative amounts or fractions of a cent';

CREATE FUNCTION total_duties(history duty_history, first_day date DEFAULT NULL, last_day date DEFAULT NULL)
RETURNS numeric
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 20;

COMMENT ON FUNCTION total_duties(duty_history, date, date) IS
'what was owed from the first to the last day, both counted, in dollars (NULL: no bound); 22023 for a span that does not begin and end on cuts (days 1, 18, 20, 25)';

--
-- Legal names
--

CREATE FUNCTION legal_name_differences(entered text, registered text)
RETURNS text[]
AS 'MODULE_PATHNAME'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;

COMMENT ON FUNCTION legal_name_differences(text, text) IS
'what keeps two legal names from being the same, letter for letter; empty where they are; in this order: letter case, white space (every Unicode space and what can''t be seen), punctuation (also & for and or et), accents (also ligatures and combining marks), legal form: A / B for each pair of ways to write one form in English or French; or only different name, where they differ otherwise, by the kind of legal form too';

--
-- Live histories
--
