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

--
-- Security: policy, required amounts
--

--
-- Reading a history
--

--
-- Legal names
--

--
-- Live histories
--
