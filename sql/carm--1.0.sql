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
