/* carm: business numbers, duty histories and required security */

-- complain if script is sourced in psql, rather than via CREATE EXTENSION
\echo Use "CREATE EXTENSION carm" to load this file. \quit

--
-- Business numbers: bn9, program_account
--

--
-- Calendar: month_basis, periods, due dates
--

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
