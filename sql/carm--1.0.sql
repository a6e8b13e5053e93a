/* carm: business numbers, duty histories and required security */

-- complain if script is sourced in psql, rather than via CREATE EXTENSION
\echo Use "CREATE EXTENSION carm" to load this file. \quit

--
-- number_type.c: the types bn9 and program_account
--

CREATE TYPE bn9;
CREATE TYPE program_account;

CREATE FUNCTION bn9_in(cstring) RETURNS bn9
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION bn9_in(cstring) IS
'input of bn9: white space around it, and spaces and hyphens within, are left out; 22P02 with the cause for what is no business number';

CREATE FUNCTION bn9_out(bn9) RETURNS cstring
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION bn9_out(bn9) IS 'output of bn9: nine digits';

CREATE FUNCTION bn9_recv(internal) RETURNS bn9
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION bn9_recv(internal) IS 'binary input of bn9: its text, checked as input is';

CREATE FUNCTION bn9_send(bn9) RETURNS bytea
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION bn9_send(bn9) IS 'binary output of bn9: its text';

CREATE TYPE bn9 (
	INPUT = bn9_in,
	OUTPUT = bn9_out,
	RECEIVE = bn9_recv,
	SEND = bn9_send,
	INTERNALLENGTH = 4,
	PASSEDBYVALUE,
	ALIGNMENT = int4,
	STORAGE = plain,
	CATEGORY = 'S'
);
COMMENT ON TYPE bn9 IS
'Canadian business number: nine digits, the last a Luhn check digit, never 000000000';

CREATE FUNCTION program_account_in(cstring, oid, integer) RETURNS program_account
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION program_account_in(cstring, oid, integer) IS
'input of program_account: white space around it, and spaces and hyphens within, are left out, and lower case is accepted; 22P02 with the cause for what is no program account or not of the program that the type modifier names';

CREATE FUNCTION program_account_out(program_account) RETURNS cstring
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION program_account_out(program_account) IS
'output of program_account: nine digits, two letters, four digits';

CREATE FUNCTION program_account_recv(internal, oid, integer) RETURNS program_account
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION program_account_recv(internal, oid, integer) IS
'binary input of program_account: its text, checked as input is';

CREATE FUNCTION program_account_send(program_account) RETURNS bytea
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION program_account_send(program_account) IS
'binary output of program_account: its text';

CREATE FUNCTION program_account_typmod_in(cstring[]) RETURNS integer
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION program_account_typmod_in(cstring[]) IS
'type modifier of program_account: one program identifier; 22023 for anything else';

CREATE FUNCTION program_account_typmod_out(integer) RETURNS cstring
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION program_account_typmod_out(integer) IS
'type modifier of program_account as text, such as (RM)';

CREATE TYPE program_account (
	INPUT = program_account_in,
	OUTPUT = program_account_out,
	RECEIVE = program_account_recv,
	SEND = program_account_send,
	TYPMOD_IN = program_account_typmod_in,
	TYPMOD_OUT = program_account_typmod_out,
	INTERNALLENGTH = 8,
	PASSEDBYVALUE,
	ALIGNMENT = double,
	STORAGE = plain,
	CATEGORY = 'S'
);
COMMENT ON TYPE program_account IS
'Canadian program account: a business number, a two-letter program and a reference number from 0001, such as 123456782RM0001; program_account(RM) takes import-export accounts only';

--
-- number_type.c: casts
--

CREATE FUNCTION bn9(text) RETURNS bn9
AS 'MODULE_PATHNAME', 'bn9_from_text' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION bn9(text) IS
'the business number that a text writes, by the rules of input; 22P02 with the cause for any other';

CREATE FUNCTION bn9(character) RETURNS bn9
AS 'MODULE_PATHNAME', 'bn9_from_text' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION bn9(character) IS
'the business number that a text writes, by the rules of input; 22P02 with the cause for any other';

CREATE FUNCTION program_account(text) RETURNS program_account
AS 'MODULE_PATHNAME', 'program_account_from_text' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION program_account(text) IS
'the program account that a text writes, by the rules of input; 22P02 with the cause for any other';

CREATE FUNCTION program_account(character) RETURNS program_account
AS 'MODULE_PATHNAME', 'program_account_from_text' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION program_account(character) IS
'the program account that a text writes, by the rules of input; 22P02 with the cause for any other';

CREATE FUNCTION bn9(integer) RETURNS bn9
AS 'MODULE_PATHNAME', 'bn9_from_int4' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION bn9(integer) IS
'the business number of an integer, leading zeros put back; 22P02 with the cause for any other';

CREATE FUNCTION bn9(bigint) RETURNS bn9
AS 'MODULE_PATHNAME', 'bn9_from_int8' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION bn9(bigint) IS
'the business number of an integer, leading zeros put back; 22P02 with the cause for any other';

CREATE FUNCTION bn9(program_account) RETURNS bn9
AS 'MODULE_PATHNAME', 'program_account_to_bn9' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF;
COMMENT ON FUNCTION bn9(program_account) IS 'the business number of a program account';

CREATE FUNCTION int8(bn9) RETURNS bigint
AS 'MODULE_PATHNAME', 'bn9_to_int8' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF;
COMMENT ON FUNCTION int8(bn9) IS 'the business number as an integer, leading zeros lost';

CREATE FUNCTION text(bn9) RETURNS text
AS 'MODULE_PATHNAME', 'bn9_to_text' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF;
COMMENT ON FUNCTION text(bn9) IS 'the business number as text, nine digits';

CREATE FUNCTION "varchar"(bn9) RETURNS varchar
AS 'MODULE_PATHNAME', 'bn9_to_text' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF;
COMMENT ON FUNCTION "varchar"(bn9) IS 'the business number as text, nine digits';

CREATE FUNCTION text(program_account) RETURNS text
AS 'MODULE_PATHNAME', 'program_account_to_text' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF;
COMMENT ON FUNCTION text(program_account) IS 'the program account as text, fifteen characters';

CREATE FUNCTION "varchar"(program_account) RETURNS varchar
AS 'MODULE_PATHNAME', 'program_account_to_text' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF;
COMMENT ON FUNCTION "varchar"(program_account) IS 'the program account as text, fifteen characters';

CREATE FUNCTION program_account(program_account, integer, boolean) RETURNS program_account
AS 'MODULE_PATHNAME', 'program_account_apply_typmod' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION program_account(program_account, integer, boolean) IS
'refuses an account that is not of the program that the type modifier names: 22P02; for the server, not for queries';

CREATE CAST (text AS bn9) WITH FUNCTION bn9(text) AS ASSIGNMENT;
CREATE CAST (varchar AS bn9) WITH FUNCTION bn9(text) AS ASSIGNMENT;
CREATE CAST (character AS bn9) WITH FUNCTION bn9(character) AS ASSIGNMENT;
CREATE CAST (bn9 AS text) WITH FUNCTION text(bn9) AS IMPLICIT;
CREATE CAST (bn9 AS varchar) WITH FUNCTION "varchar"(bn9) AS IMPLICIT;
CREATE CAST (text AS program_account) WITH FUNCTION program_account(text) AS ASSIGNMENT;
CREATE CAST (varchar AS program_account) WITH FUNCTION program_account(text) AS ASSIGNMENT;
CREATE CAST (character AS program_account) WITH FUNCTION program_account(character) AS ASSIGNMENT;
CREATE CAST (program_account AS text) WITH FUNCTION text(program_account) AS IMPLICIT;
CREATE CAST (program_account AS varchar) WITH FUNCTION "varchar"(program_account) AS IMPLICIT;
CREATE CAST (integer AS bn9) WITH FUNCTION bn9(integer) AS ASSIGNMENT;
CREATE CAST (bigint AS bn9) WITH FUNCTION bn9(bigint) AS ASSIGNMENT;
CREATE CAST (bn9 AS bigint) WITH FUNCTION int8(bn9);
CREATE CAST (program_account AS bn9) WITH FUNCTION bn9(program_account);
CREATE CAST (program_account AS program_account)
	WITH FUNCTION program_account(program_account, integer, boolean) AS IMPLICIT;

COMMENT ON CAST (text AS bn9) IS 'by the rules of input; 22P02 with the cause';
COMMENT ON CAST (varchar AS bn9) IS 'by the rules of input; 22P02 with the cause';
COMMENT ON CAST (character AS bn9) IS 'by the rules of input; 22P02 with the cause';
COMMENT ON CAST (bn9 AS text) IS 'as output writes it';
COMMENT ON CAST (bn9 AS varchar) IS 'as output writes it';
COMMENT ON CAST (text AS program_account) IS 'by the rules of input; 22P02 with the cause';
COMMENT ON CAST (varchar AS program_account) IS 'by the rules of input; 22P02 with the cause';
COMMENT ON CAST (character AS program_account) IS 'by the rules of input; 22P02 with the cause';
COMMENT ON CAST (program_account AS text) IS 'as output writes it';
COMMENT ON CAST (program_account AS varchar) IS 'as output writes it';
COMMENT ON CAST (integer AS bn9) IS 'leading zeros are put back; 22P02 with the cause';
COMMENT ON CAST (bigint AS bn9) IS 'leading zeros are put back; 22P02 with the cause';
COMMENT ON CAST (bn9 AS bigint) IS 'leading zeros are lost';
COMMENT ON CAST (program_account AS bn9) IS 'the business number of the account';
COMMENT ON CAST (program_account AS program_account) IS 'refuses an account of another program than the type modifier names';

--
-- number_type.c: making, reading and checking
--

CREATE FUNCTION program_account(number bn9, program text DEFAULT 'RM', reference integer DEFAULT 1) RETURNS program_account
AS 'MODULE_PATHNAME', 'program_account_make' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION program_account(number bn9, program text, reference integer) IS
'the program account of a business number, a two-letter program (by default RM, import-export) and a reference number from 1 to 9999; 22023 for a program or a reference number that cannot be';

CREATE FUNCTION program_identifier(program_account) RETURNS text
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF;
COMMENT ON FUNCTION program_identifier(program_account) IS
'the two letters of an account''s program';

CREATE FUNCTION reference_number(program_account) RETURNS integer
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF;
COMMENT ON FUNCTION reference_number(program_account) IS
'the reference number of an account, 1 to 9999';

CREATE FUNCTION is_import_export(program_account) RETURNS boolean
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF;
COMMENT ON FUNCTION is_import_export(program_account) IS
'whether an account is an import-export account (program RM), the kind that CARM uses';

CREATE FUNCTION lowest_program_account(bn9) RETURNS program_account
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF;
COMMENT ON FUNCTION lowest_program_account(bn9) IS
'the lowest account that a business number could have: AA0001';

CREATE FUNCTION highest_program_account(bn9) RETURNS program_account
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF;
COMMENT ON FUNCTION highest_program_account(bn9) IS
'the highest account that a business number could have: ZZ9999';

CREATE FUNCTION is_bn9(text) RETURNS boolean
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION is_bn9(text) IS 'whether a text is good input for bn9';

CREATE FUNCTION bn9_error(text) RETURNS text
AS 'MODULE_PATHNAME' LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION bn9_error(text) IS
'why a text is no good input for bn9, and what may help, in the session''s language (lc_messages: English or French); NULL for good input, so that a staging table can be cleaned by query';

CREATE FUNCTION bn9_error_code(text) RETURNS text
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION bn9_error_code(text) IS
'why a text is no good input for bn9, in one word, to group by; NULL for good input; one of empty, label, decimal, character, other_type, lost_zeros, length, not_digit, placeholder, check_digit; later versions may add words';

CREATE FUNCTION is_program_account(text) RETURNS boolean
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION is_program_account(text) IS 'whether a text is good input for program_account';

CREATE FUNCTION program_account_error(text) RETURNS text
AS 'MODULE_PATHNAME' LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION program_account_error(text) IS
'why a text is no good input for program_account, and what may help, in the session''s language (lc_messages: English or French); NULL for good input, so that a staging table can be cleaned by query';

CREATE FUNCTION program_account_error_code(text) RETURNS text
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION program_account_error_code(text) IS
'why a text is no good input for program_account, in one word, to group by; NULL for good input; one of empty, label, decimal, character, other_type, lost_zeros, length, not_digit, not_letter, placeholder, check_digit, short_reference, reference; later versions may add words';

CREATE FUNCTION program_identifiers(OUT code text, OUT english_name text, OUT french_name text,
	OUT administered_by text, OUT french_administered_by text, OUT ended date) RETURNS SETOF record
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 14;
COMMENT ON FUNCTION program_identifiers(
	OUT code text, OUT english_name text, OUT french_name text,
	OUT administered_by text, OUT french_administered_by text, OUT ended date) IS
'the program identifiers that the Canada Revenue Agency lists, by code, in both official languages, and since when nothing more is owed under one (NULL: in force); accounts of ended and of other programs are valid too';

--
-- number_compare.c: comparison
--
-- The operators stand in pg_catalog, so that they mean the same whatever the
-- search_path is: where an operator is not found, both types are silently
-- taken as text. min and max stand there for the same reason.
--
-- One order holds over numbers, accounts and texts: that of their letters and
-- digits, byte by byte. Texts are compared without white space around them,
-- without spaces and hyphens between others, and in upper case, so that a text
-- equals a value if and only if it is good input for that value.
--

CREATE FUNCTION bn9_eq(bn9, bn9) RETURNS boolean
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF;
COMMENT ON FUNCTION bn9_eq(bn9, bn9) IS 'implementation of = operator';
CREATE OPERATOR pg_catalog.= (
	FUNCTION = bn9_eq, LEFTARG = bn9, RIGHTARG = bn9,
	COMMUTATOR = OPERATOR(pg_catalog.=), NEGATOR = OPERATOR(pg_catalog.<>),
	RESTRICT = eqsel, JOIN = eqjoinsel, HASHES, MERGES
);
COMMENT ON OPERATOR = (bn9, bn9) IS 'equal to';

CREATE FUNCTION bn9_ne(bn9, bn9) RETURNS boolean
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF;
COMMENT ON FUNCTION bn9_ne(bn9, bn9) IS 'implementation of <> operator';
CREATE OPERATOR pg_catalog.<> (
	FUNCTION = bn9_ne, LEFTARG = bn9, RIGHTARG = bn9,
	COMMUTATOR = OPERATOR(pg_catalog.<>), NEGATOR = OPERATOR(pg_catalog.=),
	RESTRICT = neqsel, JOIN = neqjoinsel
);
COMMENT ON OPERATOR <> (bn9, bn9) IS 'not equal to';

CREATE FUNCTION bn9_lt(bn9, bn9) RETURNS boolean
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF;
COMMENT ON FUNCTION bn9_lt(bn9, bn9) IS 'implementation of < operator';
CREATE OPERATOR pg_catalog.< (
	FUNCTION = bn9_lt, LEFTARG = bn9, RIGHTARG = bn9,
	COMMUTATOR = OPERATOR(pg_catalog.>), NEGATOR = OPERATOR(pg_catalog.>=),
	RESTRICT = scalarltsel, JOIN = scalarltjoinsel
);
COMMENT ON OPERATOR < (bn9, bn9) IS 'less than';

CREATE FUNCTION bn9_le(bn9, bn9) RETURNS boolean
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF;
COMMENT ON FUNCTION bn9_le(bn9, bn9) IS 'implementation of <= operator';
CREATE OPERATOR pg_catalog.<= (
	FUNCTION = bn9_le, LEFTARG = bn9, RIGHTARG = bn9,
	COMMUTATOR = OPERATOR(pg_catalog.>=), NEGATOR = OPERATOR(pg_catalog.>),
	RESTRICT = scalarlesel, JOIN = scalarlejoinsel
);
COMMENT ON OPERATOR <= (bn9, bn9) IS 'less than or equal to';

CREATE FUNCTION bn9_gt(bn9, bn9) RETURNS boolean
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF;
COMMENT ON FUNCTION bn9_gt(bn9, bn9) IS 'implementation of > operator';
CREATE OPERATOR pg_catalog.> (
	FUNCTION = bn9_gt, LEFTARG = bn9, RIGHTARG = bn9,
	COMMUTATOR = OPERATOR(pg_catalog.<), NEGATOR = OPERATOR(pg_catalog.<=),
	RESTRICT = scalargtsel, JOIN = scalargtjoinsel
);
COMMENT ON OPERATOR > (bn9, bn9) IS 'greater than';

CREATE FUNCTION bn9_ge(bn9, bn9) RETURNS boolean
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF;
COMMENT ON FUNCTION bn9_ge(bn9, bn9) IS 'implementation of >= operator';
CREATE OPERATOR pg_catalog.>= (
	FUNCTION = bn9_ge, LEFTARG = bn9, RIGHTARG = bn9,
	COMMUTATOR = OPERATOR(pg_catalog.<=), NEGATOR = OPERATOR(pg_catalog.<),
	RESTRICT = scalargesel, JOIN = scalargejoinsel
);
COMMENT ON OPERATOR >= (bn9, bn9) IS 'greater than or equal to';

CREATE FUNCTION bn9_cmp(bn9, bn9) RETURNS integer
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF;
COMMENT ON FUNCTION bn9_cmp(bn9, bn9) IS 'less-equal-greater: -1, 0 or 1';

CREATE FUNCTION bn9_text_eq(bn9, text) RETURNS boolean
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF;
COMMENT ON FUNCTION bn9_text_eq(bn9, text) IS 'implementation of = operator';
CREATE OPERATOR pg_catalog.= (
	FUNCTION = bn9_text_eq, LEFTARG = bn9, RIGHTARG = text,
	COMMUTATOR = OPERATOR(pg_catalog.=), NEGATOR = OPERATOR(pg_catalog.<>),
	RESTRICT = eqsel, JOIN = eqjoinsel, HASHES, MERGES
);
COMMENT ON OPERATOR = (bn9, text) IS 'equal to, the text without separators';

CREATE FUNCTION bn9_text_ne(bn9, text) RETURNS boolean
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF;
COMMENT ON FUNCTION bn9_text_ne(bn9, text) IS 'implementation of <> operator';
CREATE OPERATOR pg_catalog.<> (
	FUNCTION = bn9_text_ne, LEFTARG = bn9, RIGHTARG = text,
	COMMUTATOR = OPERATOR(pg_catalog.<>), NEGATOR = OPERATOR(pg_catalog.=),
	RESTRICT = neqsel, JOIN = neqjoinsel
);
COMMENT ON OPERATOR <> (bn9, text) IS 'not equal to, the text without separators';

CREATE FUNCTION bn9_text_lt(bn9, text) RETURNS boolean
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF;
COMMENT ON FUNCTION bn9_text_lt(bn9, text) IS 'implementation of < operator';
CREATE OPERATOR pg_catalog.< (
	FUNCTION = bn9_text_lt, LEFTARG = bn9, RIGHTARG = text,
	COMMUTATOR = OPERATOR(pg_catalog.>), NEGATOR = OPERATOR(pg_catalog.>=),
	RESTRICT = scalarltsel, JOIN = scalarltjoinsel
);
COMMENT ON OPERATOR < (bn9, text) IS 'less than, the text without separators';

CREATE FUNCTION bn9_text_le(bn9, text) RETURNS boolean
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF;
COMMENT ON FUNCTION bn9_text_le(bn9, text) IS 'implementation of <= operator';
CREATE OPERATOR pg_catalog.<= (
	FUNCTION = bn9_text_le, LEFTARG = bn9, RIGHTARG = text,
	COMMUTATOR = OPERATOR(pg_catalog.>=), NEGATOR = OPERATOR(pg_catalog.>),
	RESTRICT = scalarlesel, JOIN = scalarlejoinsel
);
COMMENT ON OPERATOR <= (bn9, text) IS 'less than or equal to, the text without separators';

CREATE FUNCTION bn9_text_gt(bn9, text) RETURNS boolean
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF;
COMMENT ON FUNCTION bn9_text_gt(bn9, text) IS 'implementation of > operator';
CREATE OPERATOR pg_catalog.> (
	FUNCTION = bn9_text_gt, LEFTARG = bn9, RIGHTARG = text,
	COMMUTATOR = OPERATOR(pg_catalog.<), NEGATOR = OPERATOR(pg_catalog.<=),
	RESTRICT = scalargtsel, JOIN = scalargtjoinsel
);
COMMENT ON OPERATOR > (bn9, text) IS 'greater than, the text without separators';

CREATE FUNCTION bn9_text_ge(bn9, text) RETURNS boolean
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF;
COMMENT ON FUNCTION bn9_text_ge(bn9, text) IS 'implementation of >= operator';
CREATE OPERATOR pg_catalog.>= (
	FUNCTION = bn9_text_ge, LEFTARG = bn9, RIGHTARG = text,
	COMMUTATOR = OPERATOR(pg_catalog.<=), NEGATOR = OPERATOR(pg_catalog.<),
	RESTRICT = scalargesel, JOIN = scalargejoinsel
);
COMMENT ON OPERATOR >= (bn9, text) IS 'greater than or equal to, the text without separators';

CREATE FUNCTION bn9_text_cmp(bn9, text) RETURNS integer
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF;
COMMENT ON FUNCTION bn9_text_cmp(bn9, text) IS
'less-equal-greater, the text without separators: -1, 0 or 1';

CREATE FUNCTION text_bn9_eq(text, bn9) RETURNS boolean
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF;
COMMENT ON FUNCTION text_bn9_eq(text, bn9) IS 'implementation of = operator';
CREATE OPERATOR pg_catalog.= (
	FUNCTION = text_bn9_eq, LEFTARG = text, RIGHTARG = bn9,
	COMMUTATOR = OPERATOR(pg_catalog.=), NEGATOR = OPERATOR(pg_catalog.<>),
	RESTRICT = eqsel, JOIN = eqjoinsel, HASHES, MERGES
);
COMMENT ON OPERATOR = (text, bn9) IS 'equal to, the text without separators';

CREATE FUNCTION text_bn9_ne(text, bn9) RETURNS boolean
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF;
COMMENT ON FUNCTION text_bn9_ne(text, bn9) IS 'implementation of <> operator';
CREATE OPERATOR pg_catalog.<> (
	FUNCTION = text_bn9_ne, LEFTARG = text, RIGHTARG = bn9,
	COMMUTATOR = OPERATOR(pg_catalog.<>), NEGATOR = OPERATOR(pg_catalog.=),
	RESTRICT = neqsel, JOIN = neqjoinsel
);
COMMENT ON OPERATOR <> (text, bn9) IS 'not equal to, the text without separators';

CREATE FUNCTION text_bn9_lt(text, bn9) RETURNS boolean
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF;
COMMENT ON FUNCTION text_bn9_lt(text, bn9) IS 'implementation of < operator';
CREATE OPERATOR pg_catalog.< (
	FUNCTION = text_bn9_lt, LEFTARG = text, RIGHTARG = bn9,
	COMMUTATOR = OPERATOR(pg_catalog.>), NEGATOR = OPERATOR(pg_catalog.>=),
	RESTRICT = scalarltsel, JOIN = scalarltjoinsel
);
COMMENT ON OPERATOR < (text, bn9) IS 'less than, the text without separators';

CREATE FUNCTION text_bn9_le(text, bn9) RETURNS boolean
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF;
COMMENT ON FUNCTION text_bn9_le(text, bn9) IS 'implementation of <= operator';
CREATE OPERATOR pg_catalog.<= (
	FUNCTION = text_bn9_le, LEFTARG = text, RIGHTARG = bn9,
	COMMUTATOR = OPERATOR(pg_catalog.>=), NEGATOR = OPERATOR(pg_catalog.>),
	RESTRICT = scalarlesel, JOIN = scalarlejoinsel
);
COMMENT ON OPERATOR <= (text, bn9) IS 'less than or equal to, the text without separators';

CREATE FUNCTION text_bn9_gt(text, bn9) RETURNS boolean
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF;
COMMENT ON FUNCTION text_bn9_gt(text, bn9) IS 'implementation of > operator';
CREATE OPERATOR pg_catalog.> (
	FUNCTION = text_bn9_gt, LEFTARG = text, RIGHTARG = bn9,
	COMMUTATOR = OPERATOR(pg_catalog.<), NEGATOR = OPERATOR(pg_catalog.<=),
	RESTRICT = scalargtsel, JOIN = scalargtjoinsel
);
COMMENT ON OPERATOR > (text, bn9) IS 'greater than, the text without separators';

CREATE FUNCTION text_bn9_ge(text, bn9) RETURNS boolean
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF;
COMMENT ON FUNCTION text_bn9_ge(text, bn9) IS 'implementation of >= operator';
CREATE OPERATOR pg_catalog.>= (
	FUNCTION = text_bn9_ge, LEFTARG = text, RIGHTARG = bn9,
	COMMUTATOR = OPERATOR(pg_catalog.<=), NEGATOR = OPERATOR(pg_catalog.<),
	RESTRICT = scalargesel, JOIN = scalargejoinsel
);
COMMENT ON OPERATOR >= (text, bn9) IS 'greater than or equal to, the text without separators';

CREATE FUNCTION text_bn9_cmp(text, bn9) RETURNS integer
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF;
COMMENT ON FUNCTION text_bn9_cmp(text, bn9) IS
'less-equal-greater, the text without separators: -1, 0 or 1';

CREATE FUNCTION program_account_eq(program_account, program_account) RETURNS boolean
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF;
COMMENT ON FUNCTION program_account_eq(program_account, program_account) IS
'implementation of = operator';
CREATE OPERATOR pg_catalog.= (
	FUNCTION = program_account_eq, LEFTARG = program_account, RIGHTARG = program_account,
	COMMUTATOR = OPERATOR(pg_catalog.=), NEGATOR = OPERATOR(pg_catalog.<>),
	RESTRICT = eqsel, JOIN = eqjoinsel, HASHES, MERGES
);
COMMENT ON OPERATOR = (program_account, program_account) IS 'equal to';

CREATE FUNCTION program_account_ne(program_account, program_account) RETURNS boolean
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF;
COMMENT ON FUNCTION program_account_ne(program_account, program_account) IS
'implementation of <> operator';
CREATE OPERATOR pg_catalog.<> (
	FUNCTION = program_account_ne, LEFTARG = program_account, RIGHTARG = program_account,
	COMMUTATOR = OPERATOR(pg_catalog.<>), NEGATOR = OPERATOR(pg_catalog.=),
	RESTRICT = neqsel, JOIN = neqjoinsel
);
COMMENT ON OPERATOR <> (program_account, program_account) IS 'not equal to';

CREATE FUNCTION program_account_lt(program_account, program_account) RETURNS boolean
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF;
COMMENT ON FUNCTION program_account_lt(program_account, program_account) IS
'implementation of < operator';
CREATE OPERATOR pg_catalog.< (
	FUNCTION = program_account_lt, LEFTARG = program_account, RIGHTARG = program_account,
	COMMUTATOR = OPERATOR(pg_catalog.>), NEGATOR = OPERATOR(pg_catalog.>=),
	RESTRICT = scalarltsel, JOIN = scalarltjoinsel
);
COMMENT ON OPERATOR < (program_account, program_account) IS 'less than';

CREATE FUNCTION program_account_le(program_account, program_account) RETURNS boolean
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF;
COMMENT ON FUNCTION program_account_le(program_account, program_account) IS
'implementation of <= operator';
CREATE OPERATOR pg_catalog.<= (
	FUNCTION = program_account_le, LEFTARG = program_account, RIGHTARG = program_account,
	COMMUTATOR = OPERATOR(pg_catalog.>=), NEGATOR = OPERATOR(pg_catalog.>),
	RESTRICT = scalarlesel, JOIN = scalarlejoinsel
);
COMMENT ON OPERATOR <= (program_account, program_account) IS 'less than or equal to';

CREATE FUNCTION program_account_gt(program_account, program_account) RETURNS boolean
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF;
COMMENT ON FUNCTION program_account_gt(program_account, program_account) IS
'implementation of > operator';
CREATE OPERATOR pg_catalog.> (
	FUNCTION = program_account_gt, LEFTARG = program_account, RIGHTARG = program_account,
	COMMUTATOR = OPERATOR(pg_catalog.<), NEGATOR = OPERATOR(pg_catalog.<=),
	RESTRICT = scalargtsel, JOIN = scalargtjoinsel
);
COMMENT ON OPERATOR > (program_account, program_account) IS 'greater than';

CREATE FUNCTION program_account_ge(program_account, program_account) RETURNS boolean
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF;
COMMENT ON FUNCTION program_account_ge(program_account, program_account) IS
'implementation of >= operator';
CREATE OPERATOR pg_catalog.>= (
	FUNCTION = program_account_ge, LEFTARG = program_account, RIGHTARG = program_account,
	COMMUTATOR = OPERATOR(pg_catalog.<=), NEGATOR = OPERATOR(pg_catalog.<),
	RESTRICT = scalargesel, JOIN = scalargejoinsel
);
COMMENT ON OPERATOR >= (program_account, program_account) IS 'greater than or equal to';

CREATE FUNCTION program_account_cmp(program_account, program_account) RETURNS integer
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF;
COMMENT ON FUNCTION program_account_cmp(program_account, program_account) IS
'less-equal-greater: -1, 0 or 1';

CREATE FUNCTION program_account_text_eq(program_account, text) RETURNS boolean
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF;
COMMENT ON FUNCTION program_account_text_eq(program_account, text) IS
'implementation of = operator';
CREATE OPERATOR pg_catalog.= (
	FUNCTION = program_account_text_eq, LEFTARG = program_account, RIGHTARG = text,
	COMMUTATOR = OPERATOR(pg_catalog.=), NEGATOR = OPERATOR(pg_catalog.<>),
	RESTRICT = eqsel, JOIN = eqjoinsel, HASHES, MERGES
);
COMMENT ON OPERATOR = (program_account, text) IS 'equal to, the text without separators';

CREATE FUNCTION program_account_text_ne(program_account, text) RETURNS boolean
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF;
COMMENT ON FUNCTION program_account_text_ne(program_account, text) IS
'implementation of <> operator';
CREATE OPERATOR pg_catalog.<> (
	FUNCTION = program_account_text_ne, LEFTARG = program_account, RIGHTARG = text,
	COMMUTATOR = OPERATOR(pg_catalog.<>), NEGATOR = OPERATOR(pg_catalog.=),
	RESTRICT = neqsel, JOIN = neqjoinsel
);
COMMENT ON OPERATOR <> (program_account, text) IS 'not equal to, the text without separators';

CREATE FUNCTION program_account_text_lt(program_account, text) RETURNS boolean
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF;
COMMENT ON FUNCTION program_account_text_lt(program_account, text) IS
'implementation of < operator';
CREATE OPERATOR pg_catalog.< (
	FUNCTION = program_account_text_lt, LEFTARG = program_account, RIGHTARG = text,
	COMMUTATOR = OPERATOR(pg_catalog.>), NEGATOR = OPERATOR(pg_catalog.>=),
	RESTRICT = scalarltsel, JOIN = scalarltjoinsel
);
COMMENT ON OPERATOR < (program_account, text) IS 'less than, the text without separators';

CREATE FUNCTION program_account_text_le(program_account, text) RETURNS boolean
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF;
COMMENT ON FUNCTION program_account_text_le(program_account, text) IS
'implementation of <= operator';
CREATE OPERATOR pg_catalog.<= (
	FUNCTION = program_account_text_le, LEFTARG = program_account, RIGHTARG = text,
	COMMUTATOR = OPERATOR(pg_catalog.>=), NEGATOR = OPERATOR(pg_catalog.>),
	RESTRICT = scalarlesel, JOIN = scalarlejoinsel
);
COMMENT ON OPERATOR <= (program_account, text) IS
'less than or equal to, the text without separators';

CREATE FUNCTION program_account_text_gt(program_account, text) RETURNS boolean
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF;
COMMENT ON FUNCTION program_account_text_gt(program_account, text) IS
'implementation of > operator';
CREATE OPERATOR pg_catalog.> (
	FUNCTION = program_account_text_gt, LEFTARG = program_account, RIGHTARG = text,
	COMMUTATOR = OPERATOR(pg_catalog.<), NEGATOR = OPERATOR(pg_catalog.<=),
	RESTRICT = scalargtsel, JOIN = scalargtjoinsel
);
COMMENT ON OPERATOR > (program_account, text) IS 'greater than, the text without separators';

CREATE FUNCTION program_account_text_ge(program_account, text) RETURNS boolean
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF;
COMMENT ON FUNCTION program_account_text_ge(program_account, text) IS
'implementation of >= operator';
CREATE OPERATOR pg_catalog.>= (
	FUNCTION = program_account_text_ge, LEFTARG = program_account, RIGHTARG = text,
	COMMUTATOR = OPERATOR(pg_catalog.<=), NEGATOR = OPERATOR(pg_catalog.<),
	RESTRICT = scalargesel, JOIN = scalargejoinsel
);
COMMENT ON OPERATOR >= (program_account, text) IS
'greater than or equal to, the text without separators';

CREATE FUNCTION program_account_text_cmp(program_account, text) RETURNS integer
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF;
COMMENT ON FUNCTION program_account_text_cmp(program_account, text) IS
'less-equal-greater, the text without separators: -1, 0 or 1';

CREATE FUNCTION text_program_account_eq(text, program_account) RETURNS boolean
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF;
COMMENT ON FUNCTION text_program_account_eq(text, program_account) IS
'implementation of = operator';
CREATE OPERATOR pg_catalog.= (
	FUNCTION = text_program_account_eq, LEFTARG = text, RIGHTARG = program_account,
	COMMUTATOR = OPERATOR(pg_catalog.=), NEGATOR = OPERATOR(pg_catalog.<>),
	RESTRICT = eqsel, JOIN = eqjoinsel, HASHES, MERGES
);
COMMENT ON OPERATOR = (text, program_account) IS 'equal to, the text without separators';

CREATE FUNCTION text_program_account_ne(text, program_account) RETURNS boolean
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF;
COMMENT ON FUNCTION text_program_account_ne(text, program_account) IS
'implementation of <> operator';
CREATE OPERATOR pg_catalog.<> (
	FUNCTION = text_program_account_ne, LEFTARG = text, RIGHTARG = program_account,
	COMMUTATOR = OPERATOR(pg_catalog.<>), NEGATOR = OPERATOR(pg_catalog.=),
	RESTRICT = neqsel, JOIN = neqjoinsel
);
COMMENT ON OPERATOR <> (text, program_account) IS 'not equal to, the text without separators';

CREATE FUNCTION text_program_account_lt(text, program_account) RETURNS boolean
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF;
COMMENT ON FUNCTION text_program_account_lt(text, program_account) IS
'implementation of < operator';
CREATE OPERATOR pg_catalog.< (
	FUNCTION = text_program_account_lt, LEFTARG = text, RIGHTARG = program_account,
	COMMUTATOR = OPERATOR(pg_catalog.>), NEGATOR = OPERATOR(pg_catalog.>=),
	RESTRICT = scalarltsel, JOIN = scalarltjoinsel
);
COMMENT ON OPERATOR < (text, program_account) IS 'less than, the text without separators';

CREATE FUNCTION text_program_account_le(text, program_account) RETURNS boolean
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF;
COMMENT ON FUNCTION text_program_account_le(text, program_account) IS
'implementation of <= operator';
CREATE OPERATOR pg_catalog.<= (
	FUNCTION = text_program_account_le, LEFTARG = text, RIGHTARG = program_account,
	COMMUTATOR = OPERATOR(pg_catalog.>=), NEGATOR = OPERATOR(pg_catalog.>),
	RESTRICT = scalarlesel, JOIN = scalarlejoinsel
);
COMMENT ON OPERATOR <= (text, program_account) IS
'less than or equal to, the text without separators';

CREATE FUNCTION text_program_account_gt(text, program_account) RETURNS boolean
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF;
COMMENT ON FUNCTION text_program_account_gt(text, program_account) IS
'implementation of > operator';
CREATE OPERATOR pg_catalog.> (
	FUNCTION = text_program_account_gt, LEFTARG = text, RIGHTARG = program_account,
	COMMUTATOR = OPERATOR(pg_catalog.<), NEGATOR = OPERATOR(pg_catalog.<=),
	RESTRICT = scalargtsel, JOIN = scalargtjoinsel
);
COMMENT ON OPERATOR > (text, program_account) IS 'greater than, the text without separators';

CREATE FUNCTION text_program_account_ge(text, program_account) RETURNS boolean
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF;
COMMENT ON FUNCTION text_program_account_ge(text, program_account) IS
'implementation of >= operator';
CREATE OPERATOR pg_catalog.>= (
	FUNCTION = text_program_account_ge, LEFTARG = text, RIGHTARG = program_account,
	COMMUTATOR = OPERATOR(pg_catalog.<=), NEGATOR = OPERATOR(pg_catalog.<),
	RESTRICT = scalargesel, JOIN = scalargejoinsel
);
COMMENT ON OPERATOR >= (text, program_account) IS
'greater than or equal to, the text without separators';

CREATE FUNCTION text_program_account_cmp(text, program_account) RETURNS integer
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF;
COMMENT ON FUNCTION text_program_account_cmp(text, program_account) IS
'less-equal-greater, the text without separators: -1, 0 or 1';

-- The order of texts among themselves that goes with the above. Operator
-- families need all of it: for merge joins between the types and text, to sort
-- arrays of texts, and because the planner of 18 fails on an order without equality.

CREATE FUNCTION number_text_eq(text, text) RETURNS boolean
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF;
COMMENT ON FUNCTION number_text_eq(text, text) IS 'implementation of #=# operator';
CREATE OPERATOR #=# (
	FUNCTION = number_text_eq, LEFTARG = text, RIGHTARG = text,
	COMMUTATOR = #=#, NEGATOR = #<>#,
	RESTRICT = eqsel, JOIN = eqjoinsel, HASHES, MERGES
);
COMMENT ON OPERATOR #=# (text, text) IS 'equal to, as business numbers are compared';

CREATE FUNCTION number_text_ne(text, text) RETURNS boolean
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF;
COMMENT ON FUNCTION number_text_ne(text, text) IS 'implementation of #<># operator';
CREATE OPERATOR #<># (
	FUNCTION = number_text_ne, LEFTARG = text, RIGHTARG = text,
	COMMUTATOR = #<>#, NEGATOR = #=#,
	RESTRICT = neqsel, JOIN = neqjoinsel
);
COMMENT ON OPERATOR #<># (text, text) IS 'not equal to, as business numbers are compared';

CREATE FUNCTION number_text_lt(text, text) RETURNS boolean
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF;
COMMENT ON FUNCTION number_text_lt(text, text) IS 'implementation of #<# operator';
CREATE OPERATOR #<# (
	FUNCTION = number_text_lt, LEFTARG = text, RIGHTARG = text,
	COMMUTATOR = #>#, NEGATOR = #>=#,
	RESTRICT = scalarltsel, JOIN = scalarltjoinsel
);
COMMENT ON OPERATOR #<# (text, text) IS 'less than, as business numbers are compared';

CREATE FUNCTION number_text_le(text, text) RETURNS boolean
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF;
COMMENT ON FUNCTION number_text_le(text, text) IS 'implementation of #<=# operator';
CREATE OPERATOR #<=# (
	FUNCTION = number_text_le, LEFTARG = text, RIGHTARG = text,
	COMMUTATOR = #>=#, NEGATOR = #>#,
	RESTRICT = scalarlesel, JOIN = scalarlejoinsel
);
COMMENT ON OPERATOR #<=# (text, text) IS 'less than or equal to, as business numbers are compared';

CREATE FUNCTION number_text_gt(text, text) RETURNS boolean
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF;
COMMENT ON FUNCTION number_text_gt(text, text) IS 'implementation of #># operator';
CREATE OPERATOR #># (
	FUNCTION = number_text_gt, LEFTARG = text, RIGHTARG = text,
	COMMUTATOR = #<#, NEGATOR = #<=#,
	RESTRICT = scalargtsel, JOIN = scalargtjoinsel
);
COMMENT ON OPERATOR #># (text, text) IS 'greater than, as business numbers are compared';

CREATE FUNCTION number_text_ge(text, text) RETURNS boolean
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF;
COMMENT ON FUNCTION number_text_ge(text, text) IS 'implementation of #>=# operator';
CREATE OPERATOR #>=# (
	FUNCTION = number_text_ge, LEFTARG = text, RIGHTARG = text,
	COMMUTATOR = #<=#, NEGATOR = #<#,
	RESTRICT = scalargesel, JOIN = scalargejoinsel
);
COMMENT ON OPERATOR #>=# (text, text) IS
'greater than or equal to, as business numbers are compared';

CREATE FUNCTION number_text_cmp(text, text) RETURNS integer
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF;
COMMENT ON FUNCTION number_text_cmp(text, text) IS
'less-equal-greater, as business numbers are compared: -1, 0 or 1';

CREATE FUNCTION number_hash_value(bn9) RETURNS integer
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF;
COMMENT ON FUNCTION number_hash_value(bn9) IS 'hash of bn9';

CREATE FUNCTION number_hash_value(program_account) RETURNS integer
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF;
COMMENT ON FUNCTION number_hash_value(program_account) IS 'hash of program_account';

CREATE FUNCTION number_hash_value_extended(bn9, bigint) RETURNS bigint
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF;
COMMENT ON FUNCTION number_hash_value_extended(bn9, bigint) IS 'seeded hash of bn9';

CREATE FUNCTION number_hash_value_extended(program_account, bigint) RETURNS bigint
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF;
COMMENT ON FUNCTION number_hash_value_extended(program_account, bigint) IS
'seeded hash of program_account';

CREATE FUNCTION number_text_hash(text) RETURNS integer
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF;
COMMENT ON FUNCTION number_text_hash(text) IS
'hash of a text as a business number or program account, or else of its letters and digits';

CREATE FUNCTION number_text_hash_extended(text, bigint) RETURNS bigint
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF;
COMMENT ON FUNCTION number_text_hash_extended(text, bigint) IS
'seeded hash of a text as a business number or program account, or else of its letters and digits';

CREATE FUNCTION bn9_sortsupport(internal) RETURNS void
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION bn9_sortsupport(internal) IS 'sort support of bn9';

CREATE FUNCTION program_account_sortsupport(internal) RETURNS void
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION program_account_sortsupport(internal) IS 'sort support of program_account';

CREATE FUNCTION number_brin_distance(internal, internal) RETURNS float8
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION number_brin_distance(internal, internal) IS
'distance of two bn9 or two program_account, for BRIN';

--
-- number_index.c: what indexes ask
--

CREATE OPERATOR FAMILY bn9_ops USING btree;
CREATE OPERATOR FAMILY bn9_ops USING hash;
-- BRIN requires that a comparison has the collation of the column, here none: those
-- with text are not of its families.
CREATE OPERATOR FAMILY bn9_minmax_ops USING brin;
CREATE OPERATOR FAMILY bn9_minmax_multi_ops USING brin;

CREATE OPERATOR CLASS bn9_ops DEFAULT FOR TYPE bn9 USING btree FAMILY bn9_ops AS
	OPERATOR 1 <,
	OPERATOR 2 <=,
	OPERATOR 3 =,
	OPERATOR 4 >=,
	OPERATOR 5 >,
	FUNCTION 1 bn9_cmp(bn9, bn9),
	FUNCTION 2 bn9_sortsupport(internal),
	FUNCTION 4 btequalimage(oid);
COMMENT ON OPERATOR FAMILY bn9_ops USING btree IS
'order of business numbers and of texts that write them';
COMMENT ON OPERATOR CLASS bn9_ops USING btree IS
'comparison, with text too';

ALTER OPERATOR FAMILY bn9_ops USING btree ADD
	OPERATOR 1 < (bn9, text),
	OPERATOR 2 <= (bn9, text),
	OPERATOR 3 = (bn9, text),
	OPERATOR 4 >= (bn9, text),
	OPERATOR 5 > (bn9, text),
	FUNCTION 1 (bn9, text) bn9_text_cmp(bn9, text),
	OPERATOR 1 < (text, bn9),
	OPERATOR 2 <= (text, bn9),
	OPERATOR 3 = (text, bn9),
	OPERATOR 4 >= (text, bn9),
	OPERATOR 5 > (text, bn9),
	FUNCTION 1 (text, bn9) text_bn9_cmp(text, bn9),
	OPERATOR 1 #<# (text, text),
	OPERATOR 2 #<=# (text, text),
	OPERATOR 3 #=# (text, text),
	OPERATOR 4 #>=# (text, text),
	OPERATOR 5 #># (text, text),
	FUNCTION 1 (text, text) number_text_cmp(text, text);

CREATE OPERATOR CLASS bn9_ops DEFAULT FOR TYPE bn9 USING hash FAMILY bn9_ops AS
	OPERATOR 1 =,
	FUNCTION 1 number_hash_value(bn9),
	FUNCTION 2 number_hash_value_extended(bn9, bigint);
COMMENT ON OPERATOR FAMILY bn9_ops USING hash IS
'equality of business numbers and of texts that write them';
COMMENT ON OPERATOR CLASS bn9_ops USING hash IS
'equality, with text too';

ALTER OPERATOR FAMILY bn9_ops USING hash ADD
	OPERATOR 1 = (bn9, text),
	OPERATOR 1 = (text, bn9),
	OPERATOR 1 #=# (text, text),
	FUNCTION 1 (text, text) number_text_hash(text),
	FUNCTION 2 (text, text) number_text_hash_extended(text, bigint);

CREATE OPERATOR CLASS bn9_minmax_ops DEFAULT FOR TYPE bn9 USING brin
FAMILY bn9_minmax_ops AS
	OPERATOR 1 <,
	OPERATOR 2 <=,
	OPERATOR 3 =,
	OPERATOR 4 >=,
	OPERATOR 5 >,
	FUNCTION 1 brin_minmax_opcinfo(internal),
	FUNCTION 2 brin_minmax_add_value(internal, internal, internal, internal),
	FUNCTION 3 brin_minmax_consistent(internal, internal, internal),
	FUNCTION 4 brin_minmax_union(internal, internal, internal);
COMMENT ON OPERATOR FAMILY bn9_minmax_ops USING brin IS
'the lowest and the highest of business numbers a block range';
COMMENT ON OPERATOR CLASS bn9_minmax_ops USING brin IS
'comparison by the lowest and the highest value of a block range';

CREATE OPERATOR CLASS bn9_minmax_multi_ops FOR TYPE bn9 USING brin
FAMILY bn9_minmax_multi_ops AS
	OPERATOR 1 <,
	OPERATOR 2 <=,
	OPERATOR 3 =,
	OPERATOR 4 >=,
	OPERATOR 5 >,
	FUNCTION 1 brin_minmax_multi_opcinfo(internal),
	FUNCTION 2 brin_minmax_multi_add_value(internal, internal, internal, internal),
	FUNCTION 3 brin_minmax_multi_consistent(internal, internal, internal, integer),
	FUNCTION 4 brin_minmax_multi_union(internal, internal, internal),
	FUNCTION 5 brin_minmax_multi_options(internal),
	FUNCTION 11 (bn9, bn9) number_brin_distance(internal, internal);
COMMENT ON OPERATOR FAMILY bn9_minmax_multi_ops USING brin IS
'several ranges of business numbers a block range';
COMMENT ON OPERATOR CLASS bn9_minmax_multi_ops USING brin IS
'comparison by several ranges of values a block range';

CREATE OPERATOR CLASS bn9_bloom_ops FOR TYPE bn9 USING brin AS
	OPERATOR 1 =,
	FUNCTION 1 brin_bloom_opcinfo(internal),
	FUNCTION 2 brin_bloom_add_value(internal, internal, internal, internal),
	FUNCTION 3 brin_bloom_consistent(internal, internal, internal, integer),
	FUNCTION 4 brin_bloom_union(internal, internal, internal),
	FUNCTION 5 brin_bloom_options(internal),
	FUNCTION 11 (bn9, bn9) number_hash_value(bn9);
COMMENT ON OPERATOR FAMILY bn9_bloom_ops USING brin IS
'Bloom filters of business numbers';
COMMENT ON OPERATOR CLASS bn9_bloom_ops USING brin IS
'equality, by a Bloom filter a block range';

CREATE OPERATOR FAMILY program_account_ops USING btree;
CREATE OPERATOR FAMILY program_account_ops USING hash;
CREATE OPERATOR FAMILY program_account_minmax_ops USING brin;
CREATE OPERATOR FAMILY program_account_minmax_multi_ops USING brin;

CREATE OPERATOR CLASS program_account_ops DEFAULT FOR TYPE program_account USING btree FAMILY program_account_ops AS
	OPERATOR 1 <,
	OPERATOR 2 <=,
	OPERATOR 3 =,
	OPERATOR 4 >=,
	OPERATOR 5 >,
	FUNCTION 1 program_account_cmp(program_account, program_account),
	FUNCTION 2 program_account_sortsupport(internal),
	FUNCTION 4 btequalimage(oid);
COMMENT ON OPERATOR FAMILY program_account_ops USING btree IS
'order of program accounts and of texts that write them';
COMMENT ON OPERATOR CLASS program_account_ops USING btree IS
'comparison, with text too; <@ is a range';

ALTER OPERATOR FAMILY program_account_ops USING btree ADD
	OPERATOR 1 < (program_account, text),
	OPERATOR 2 <= (program_account, text),
	OPERATOR 3 = (program_account, text),
	OPERATOR 4 >= (program_account, text),
	OPERATOR 5 > (program_account, text),
	FUNCTION 1 (program_account, text) program_account_text_cmp(program_account, text),
	OPERATOR 1 < (text, program_account),
	OPERATOR 2 <= (text, program_account),
	OPERATOR 3 = (text, program_account),
	OPERATOR 4 >= (text, program_account),
	OPERATOR 5 > (text, program_account),
	FUNCTION 1 (text, program_account) text_program_account_cmp(text, program_account),
	OPERATOR 1 #<# (text, text),
	OPERATOR 2 #<=# (text, text),
	OPERATOR 3 #=# (text, text),
	OPERATOR 4 #>=# (text, text),
	OPERATOR 5 #># (text, text),
	FUNCTION 1 (text, text) number_text_cmp(text, text);

CREATE OPERATOR CLASS program_account_ops DEFAULT FOR TYPE program_account USING hash FAMILY program_account_ops AS
	OPERATOR 1 =,
	FUNCTION 1 number_hash_value(program_account),
	FUNCTION 2 number_hash_value_extended(program_account, bigint);
COMMENT ON OPERATOR FAMILY program_account_ops USING hash IS
'equality of program accounts and of texts that write them';
COMMENT ON OPERATOR CLASS program_account_ops USING hash IS
'equality, with text too';

ALTER OPERATOR FAMILY program_account_ops USING hash ADD
	OPERATOR 1 = (program_account, text),
	OPERATOR 1 = (text, program_account),
	OPERATOR 1 #=# (text, text),
	FUNCTION 1 (text, text) number_text_hash(text),
	FUNCTION 2 (text, text) number_text_hash_extended(text, bigint);

CREATE OPERATOR CLASS program_account_minmax_ops DEFAULT FOR TYPE program_account USING brin
FAMILY program_account_minmax_ops AS
	OPERATOR 1 <,
	OPERATOR 2 <=,
	OPERATOR 3 =,
	OPERATOR 4 >=,
	OPERATOR 5 >,
	FUNCTION 1 brin_minmax_opcinfo(internal),
	FUNCTION 2 brin_minmax_add_value(internal, internal, internal, internal),
	FUNCTION 3 brin_minmax_consistent(internal, internal, internal),
	FUNCTION 4 brin_minmax_union(internal, internal, internal);
COMMENT ON OPERATOR FAMILY program_account_minmax_ops USING brin IS
'the lowest and the highest of program accounts a block range';
COMMENT ON OPERATOR CLASS program_account_minmax_ops USING brin IS
'comparison by the lowest and the highest value of a block range';

CREATE OPERATOR CLASS program_account_minmax_multi_ops FOR TYPE program_account USING brin
FAMILY program_account_minmax_multi_ops AS
	OPERATOR 1 <,
	OPERATOR 2 <=,
	OPERATOR 3 =,
	OPERATOR 4 >=,
	OPERATOR 5 >,
	FUNCTION 1 brin_minmax_multi_opcinfo(internal),
	FUNCTION 2 brin_minmax_multi_add_value(internal, internal, internal, internal),
	FUNCTION 3 brin_minmax_multi_consistent(internal, internal, internal, integer),
	FUNCTION 4 brin_minmax_multi_union(internal, internal, internal),
	FUNCTION 5 brin_minmax_multi_options(internal),
	FUNCTION 11 (program_account, program_account) number_brin_distance(internal, internal);
COMMENT ON OPERATOR FAMILY program_account_minmax_multi_ops USING brin IS
'several ranges of program accounts a block range';
COMMENT ON OPERATOR CLASS program_account_minmax_multi_ops USING brin IS
'comparison by several ranges of values a block range';

CREATE OPERATOR CLASS program_account_bloom_ops FOR TYPE program_account USING brin AS
	OPERATOR 1 =,
	FUNCTION 1 brin_bloom_opcinfo(internal),
	FUNCTION 2 brin_bloom_add_value(internal, internal, internal, internal),
	FUNCTION 3 brin_bloom_consistent(internal, internal, internal, integer),
	FUNCTION 4 brin_bloom_union(internal, internal, internal),
	FUNCTION 5 brin_bloom_options(internal),
	FUNCTION 11 (program_account, program_account) number_hash_value(program_account);
COMMENT ON OPERATOR FAMILY program_account_bloom_ops USING brin IS
'Bloom filters of program accounts';
COMMENT ON OPERATOR CLASS program_account_bloom_ops USING brin IS
'equality, by a Bloom filter a block range';

--
-- number_compare.c: lowest and highest
--

CREATE FUNCTION bn9_smaller(bn9, bn9) RETURNS bn9
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF;
COMMENT ON FUNCTION bn9_smaller(bn9, bn9) IS 'the smaller of two';

CREATE AGGREGATE pg_catalog.min(bn9) (
	SFUNC = bn9_smaller,
	STYPE = bn9,
	COMBINEFUNC = bn9_smaller,
	SORTOP = <,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE min(bn9) IS 'lowest business number of all input values';

CREATE FUNCTION bn9_larger(bn9, bn9) RETURNS bn9
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF;
COMMENT ON FUNCTION bn9_larger(bn9, bn9) IS 'the larger of two';

CREATE AGGREGATE pg_catalog.max(bn9) (
	SFUNC = bn9_larger,
	STYPE = bn9,
	COMBINEFUNC = bn9_larger,
	SORTOP = >,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE max(bn9) IS 'highest business number of all input values';

CREATE FUNCTION program_account_smaller(program_account, program_account) RETURNS program_account
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF;
COMMENT ON FUNCTION program_account_smaller(program_account, program_account) IS
'the smaller of two';

CREATE AGGREGATE pg_catalog.min(program_account) (
	SFUNC = program_account_smaller,
	STYPE = program_account,
	COMBINEFUNC = program_account_smaller,
	SORTOP = <,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE min(program_account) IS 'lowest program account of all input values';

CREATE FUNCTION program_account_larger(program_account, program_account) RETURNS program_account
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF;
COMMENT ON FUNCTION program_account_larger(program_account, program_account) IS 'the larger of two';

CREATE AGGREGATE pg_catalog.max(program_account) (
	SFUNC = program_account_larger,
	STYPE = program_account,
	COMBINEFUNC = program_account_larger,
	SORTOP = >,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE max(program_account) IS 'highest program account of all input values';

--
-- number_compare.c, number_index.c: containment
--

CREATE FUNCTION number_containment_support(internal) RETURNS internal
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION number_containment_support(internal) IS
'planner support of <@ and @>: a range of accounts, through an index';

CREATE FUNCTION number_containment_sel(internal, oid, internal, integer) RETURNS float8
AS 'MODULE_PATHNAME' LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION number_containment_sel(internal, oid, internal, integer) IS
'restriction selectivity of <@ and @>';

CREATE FUNCTION number_containment_joinsel(internal, oid, internal, smallint, internal) RETURNS float8
AS 'MODULE_PATHNAME' LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION number_containment_joinsel(internal, oid, internal, smallint, internal) IS
'join selectivity of <@ and @>';

CREATE FUNCTION program_account_within_bn9(program_account, bn9) RETURNS boolean
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF SUPPORT number_containment_support;
COMMENT ON FUNCTION program_account_within_bn9(program_account, bn9) IS
'implementation of <@ operator';
CREATE OPERATOR pg_catalog.<@ (
	FUNCTION = program_account_within_bn9, LEFTARG = program_account, RIGHTARG = bn9,
	COMMUTATOR = OPERATOR(pg_catalog.@>),
	RESTRICT = number_containment_sel, JOIN = number_containment_joinsel
);
COMMENT ON OPERATOR <@ (program_account, bn9) IS 'is this account one of this business''s?';

CREATE FUNCTION bn9_has_program_account(bn9, program_account) RETURNS boolean
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF SUPPORT number_containment_support;
COMMENT ON FUNCTION bn9_has_program_account(bn9, program_account) IS
'implementation of @> operator';
CREATE OPERATOR pg_catalog.@> (
	FUNCTION = bn9_has_program_account, LEFTARG = bn9, RIGHTARG = program_account,
	COMMUTATOR = OPERATOR(pg_catalog.<@),
	RESTRICT = number_containment_sel, JOIN = number_containment_joinsel
);
COMMENT ON OPERATOR @> (bn9, program_account) IS 'is this account one of this business''s?';

-- A number is not compared with an account: as both may be a text, the server
-- would only report that it can't choose an operator.

CREATE FUNCTION number_kinds_compared_support(internal) RETURNS internal
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION number_kinds_compared_support(internal) IS
'planner support of = and <> between bn9 and program_account: 42804 while a query is planned';

CREATE FUNCTION number_kinds_compared(bn9, program_account) RETURNS boolean
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE SUPPORT number_kinds_compared_support;
COMMENT ON FUNCTION number_kinds_compared(bn9, program_account) IS
'implementation of = and <> operators: 42804 with what to write instead';
CREATE OPERATOR pg_catalog.= (
	FUNCTION = number_kinds_compared, LEFTARG = bn9, RIGHTARG = program_account,
	COMMUTATOR = OPERATOR(pg_catalog.=), NEGATOR = OPERATOR(pg_catalog.<>),
	RESTRICT = eqsel, JOIN = eqjoinsel
);
COMMENT ON OPERATOR = (bn9, program_account) IS
'refused: write account <@ number, or account::bn9 = number';
CREATE OPERATOR pg_catalog.<> (
	FUNCTION = number_kinds_compared, LEFTARG = bn9, RIGHTARG = program_account,
	COMMUTATOR = OPERATOR(pg_catalog.<>), NEGATOR = OPERATOR(pg_catalog.=),
	RESTRICT = neqsel, JOIN = neqjoinsel
);
COMMENT ON OPERATOR <> (bn9, program_account) IS
'refused: write account <@ number, or account::bn9 <> number';

CREATE FUNCTION number_kinds_compared(program_account, bn9) RETURNS boolean
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE SUPPORT number_kinds_compared_support;
COMMENT ON FUNCTION number_kinds_compared(program_account, bn9) IS
'implementation of = and <> operators: 42804 with what to write instead';
CREATE OPERATOR pg_catalog.= (
	FUNCTION = number_kinds_compared, LEFTARG = program_account, RIGHTARG = bn9,
	COMMUTATOR = OPERATOR(pg_catalog.=), NEGATOR = OPERATOR(pg_catalog.<>),
	RESTRICT = eqsel, JOIN = eqjoinsel
);
COMMENT ON OPERATOR = (program_account, bn9) IS
'refused: write account <@ number, or account::bn9 = number';
CREATE OPERATOR pg_catalog.<> (
	FUNCTION = number_kinds_compared, LEFTARG = program_account, RIGHTARG = bn9,
	COMMUTATOR = OPERATOR(pg_catalog.<>), NEGATOR = OPERATOR(pg_catalog.=),
	RESTRICT = neqsel, JOIN = neqjoinsel
);
COMMENT ON OPERATOR <> (program_account, bn9) IS
'refused: write account <@ number, or account::bn9 <> number';

--
-- number_gist.c: GiST, for exclusion constraints without another extension
--

CREATE FUNCTION number_gist_consistent(internal, bn9, smallint, oid, internal) RETURNS boolean
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION number_gist_consistent(internal, bn9, smallint, oid, internal) IS
'GiST support of bn9';

CREATE FUNCTION number_gist_consistent(internal, program_account, smallint, oid, internal) RETURNS boolean
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION number_gist_consistent(internal, program_account, smallint, oid, internal) IS
'GiST support of program_account';

CREATE FUNCTION number_gist_union(internal, internal) RETURNS bytea
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION number_gist_union(internal, internal) IS
'GiST support of bn9 and program_account';

CREATE FUNCTION number_gist_compress(internal) RETURNS internal
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION number_gist_compress(internal) IS 'GiST support of bn9 and program_account';

CREATE FUNCTION number_gist_penalty(internal, internal, internal) RETURNS internal
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION number_gist_penalty(internal, internal, internal) IS
'GiST support of bn9 and program_account';

CREATE FUNCTION number_gist_picksplit(internal, internal) RETURNS internal
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION number_gist_picksplit(internal, internal) IS
'GiST support of bn9 and program_account';

CREATE FUNCTION number_gist_same(bytea, bytea, internal) RETURNS internal
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION number_gist_same(bytea, bytea, internal) IS
'GiST support of bn9 and program_account';

CREATE FUNCTION number_gist_fetch(internal) RETURNS internal
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION number_gist_fetch(internal) IS 'GiST support of bn9 and program_account';

CREATE FUNCTION number_gist_sortsupport(internal) RETURNS void
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION number_gist_sortsupport(internal) IS 'GiST support of bn9 and program_account';

CREATE OPERATOR CLASS bn9_ops DEFAULT FOR TYPE bn9 USING gist AS
	OPERATOR 18 =,
	OPERATOR 20 <,
	OPERATOR 21 <=,
	OPERATOR 22 >,
	OPERATOR 23 >=,
	FUNCTION 1 number_gist_consistent(internal, bn9, smallint, oid, internal),
	FUNCTION 2 number_gist_union(internal, internal),
	FUNCTION 3 number_gist_compress(internal),
	FUNCTION 5 number_gist_penalty(internal, internal, internal),
	FUNCTION 6 number_gist_picksplit(internal, internal),
	FUNCTION 7 number_gist_same(bytea, bytea, internal),
	FUNCTION 9 number_gist_fetch(internal),
	FUNCTION 11 number_gist_sortsupport(internal),
	STORAGE bytea;
COMMENT ON OPERATOR FAMILY bn9_ops USING gist IS
'ranges of business numbers';
COMMENT ON OPERATOR CLASS bn9_ops USING gist IS
'comparison, for exclusion constraints';

CREATE OPERATOR CLASS program_account_ops DEFAULT FOR TYPE program_account USING gist AS
	OPERATOR 8 <@ (program_account, bn9),
	OPERATOR 18 =,
	OPERATOR 20 <,
	OPERATOR 21 <=,
	OPERATOR 22 >,
	OPERATOR 23 >=,
	FUNCTION 1 number_gist_consistent(internal, program_account, smallint, oid, internal),
	FUNCTION 2 number_gist_union(internal, internal),
	FUNCTION 3 number_gist_compress(internal),
	FUNCTION 5 number_gist_penalty(internal, internal, internal),
	FUNCTION 6 number_gist_picksplit(internal, internal),
	FUNCTION 7 number_gist_same(bytea, bytea, internal),
	FUNCTION 9 number_gist_fetch(internal),
	FUNCTION 11 number_gist_sortsupport(internal),
	STORAGE bytea;
COMMENT ON OPERATOR FAMILY program_account_ops USING gist IS
'ranges of program accounts';
COMMENT ON OPERATOR CLASS program_account_ops USING gist IS
'comparison, for exclusion constraints; also <@';

-- What the server offers: skip support of btree, and the strategy numbers that
-- WITHOUT OVERLAPS asks GiST for, from 18 on. Every script that updates ends
-- with this block too, so that a database which pg_upgrade brought from an
-- older server gets it (test/suites/update/run holds scripts to that).
DO $offered$
BEGIN
	IF current_setting('server_version_num')::integer >= 180000
		AND to_regprocedure('bn9_skipsupport(internal)') IS NULL THEN
		CREATE FUNCTION bn9_skipsupport(internal)
		RETURNS void
		AS 'MODULE_PATHNAME'
		LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
		COMMENT ON FUNCTION bn9_skipsupport(internal) IS
		'skip support of bn9: the next valid number and the one before';
		CREATE FUNCTION program_account_skipsupport(internal)
		RETURNS void
		AS 'MODULE_PATHNAME'
		LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
		COMMENT ON FUNCTION program_account_skipsupport(internal) IS
		'skip support of program_account: the next account that could be, and the one before';
		ALTER OPERATOR FAMILY bn9_ops USING btree ADD
			FUNCTION 6 (bn9, bn9) bn9_skipsupport(internal);
		ALTER OPERATOR FAMILY program_account_ops USING btree ADD
			FUNCTION 6 (program_account, program_account) program_account_skipsupport(internal);
		ALTER OPERATOR FAMILY bn9_ops USING gist ADD
			FUNCTION 12 ("any", "any") gist_translate_cmptype_common(integer);
		ALTER OPERATOR FAMILY program_account_ops USING gist ADD
			FUNCTION 12 ("any", "any") gist_translate_cmptype_common(integer);
	END IF;
END
$offered$;

--
-- sql_calendar.c: month_basis, periods, due dates
--

CREATE TYPE month_basis AS ENUM ('calendar', 'billing', 'statement', 'review');
COMMENT ON TYPE month_basis IS
'which days make a month: calendar (1st to the last day), billing (18th to the 17th), statement (25th to the 24th), review (20th to the 19th); a month is named after the one it ends in';

CREATE TYPE billing_stream AS ENUM ('commercial', 'courier_low_value', 'csa_option_1', 'csa_option_2', 'continuous_transmission');
COMMENT ON TYPE billing_stream IS
'how goods are billed: commercial and csa_option_2 (Customs Self Assessment) by periods from the 18th to the 17th; courier_low_value, csa_option_1 and continuous_transmission by calendar months';

CREATE FUNCTION duty_period(date, basis month_basis DEFAULT 'calendar') RETURNS daterange
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 2;
COMMENT ON FUNCTION duty_period(date, month_basis) IS
'the month of the basis that a date belongs to, as a daterange without its upper bound; 22008 for an infinite date or bounds past the range of dates';

CREATE FUNCTION billing_period(date, stream billing_stream DEFAULT 'commercial') RETURNS daterange
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 2;
COMMENT ON FUNCTION billing_period(date, billing_stream) IS
'the billing period of a release date, the 18th to the 17th or a calendar month, as a daterange without its upper bound (CBSA, Managing commercial import accounts); 22008 for an infinite date or bounds past the range of dates';

CREATE FUNCTION statement_date(date, stream billing_stream DEFAULT 'commercial') RETURNS date
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION statement_date(date, billing_stream) IS
'the 25th on which the statement of account is issued that asks payment for a release date: of the month in which a billing period from the 18th to the 17th ends, or after the calendar month (CBSA, Managing commercial import accounts); 22008 for an infinite date or a result past the range of dates';

CREATE FUNCTION payment_due(date, stream billing_stream DEFAULT 'commercial') RETURNS date
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION payment_due(date, billing_stream) IS
'the day by which the duties of a release date are to be paid: the 10th weekday (Monday to Friday, holidays counted) after the 17th that ends its billing period, or after the 17th of the month after its calendar month (SOR/86-1062 s. 7.5, 10.1, 10.3); 22008 for an infinite date or a result past the range of dates';

CREATE FUNCTION accounting_due(date, holidays date[] DEFAULT '{}', stream billing_stream DEFAULT 'commercial') RETURNS date
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 2;
COMMENT ON FUNCTION accounting_due(date, date[], billing_stream) IS
'the day by which goods released on a date are to be accounted for: commercial, the 5th business day after it, leaving out Saturdays, Sundays and the holidays given (any order; NULL and infinite ones name no day); courier_low_value, the 24th of the next month; 22023 for a stream of which no rule is known, 22008 for an infinite date or a result past the range of dates';

CREATE FUNCTION review_period(date) RETURNS daterange
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 2;
COMMENT ON FUNCTION review_period(date) IS
'the year of the annual security review that a date belongs to, 20 October to 19 October, as a daterange without its upper bound; 22008 for an infinite date or bounds past the range of dates';

CREATE FUNCTION review_due(date) RETURNS date
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION review_due(date) IS
'15 January after the end of the review period of a date, when a top-up of the security is due; computed for every year, though the first review was that due on 2026-01-15; 22008 for an infinite date or a result past the range of dates';

--
-- duty_history.c: the type duty_history
--

CREATE TYPE duty_history;

CREATE FUNCTION duty_history_in(cstring) RETURNS duty_history
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION duty_history_in(cstring) IS
'input of duty_history: {first day of a slice:dollars,...}, with white space around each; 22P02 with the cause for any other text, 22003 for an amount out of range';

CREATE FUNCTION duty_history_out(duty_history) RETURNS cstring
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION duty_history_out(duty_history) IS
'output of duty_history: {first day of a slice:dollars,...}, without slices that owe nothing';

CREATE FUNCTION duty_history_recv(internal) RETURNS duty_history
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 5;
COMMENT ON FUNCTION duty_history_recv(internal) IS
'binary input of duty_history, checked as input is';

CREATE FUNCTION duty_history_send(duty_history) RETURNS bytea
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION duty_history_send(duty_history) IS 'binary output of duty_history';

CREATE FUNCTION duty_history_typanalyze(internal) RETURNS boolean
AS 'MODULE_PATHNAME' LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION duty_history_typanalyze(internal) IS
'ANALYZE of duty_history: counts NULLs, width and different values, and keeps no histories';

CREATE TYPE duty_history (
	INPUT = duty_history_in,
	OUTPUT = duty_history_out,
	RECEIVE = duty_history_recv,
	SEND = duty_history_send,
	ANALYZE = duty_history_typanalyze,
	INTERNALLENGTH = VARIABLE,
	ALIGNMENT = double,
	STORAGE = extended
);
COMMENT ON TYPE duty_history IS
'what was owed, in dollars, exactly, by slice of month (cut at days 1, 18, 20 and 25): {2025-02-01:1250.00,2025-02-18:-90.50}; 22P02 for a text that is none';

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

CREATE OPERATOR pg_catalog.= (
	FUNCTION = duty_history_eq,
	LEFTARG = duty_history, RIGHTARG = duty_history,
	COMMUTATOR = OPERATOR(pg_catalog.=), NEGATOR = OPERATOR(pg_catalog.<>),
	RESTRICT = eqsel, JOIN = eqjoinsel,
	HASHES, MERGES
);
COMMENT ON OPERATOR = (duty_history, duty_history) IS 'equal: the same amount in every slice';

CREATE OPERATOR pg_catalog.<> (
	FUNCTION = duty_history_ne,
	LEFTARG = duty_history, RIGHTARG = duty_history,
	COMMUTATOR = OPERATOR(pg_catalog.<>), NEGATOR = OPERATOR(pg_catalog.=),
	RESTRICT = neqsel, JOIN = neqjoinsel
);
COMMENT ON OPERATOR <> (duty_history, duty_history) IS 'not equal';

CREATE OPERATOR pg_catalog.< (
	FUNCTION = duty_history_lt,
	LEFTARG = duty_history, RIGHTARG = duty_history,
	COMMUTATOR = OPERATOR(pg_catalog.>), NEGATOR = OPERATOR(pg_catalog.>=),
	RESTRICT = scalarltsel, JOIN = scalarltjoinsel
);
COMMENT ON OPERATOR < (duty_history, duty_history) IS
'less: by the first slice that differs, the earlier one, then the lower amount';

CREATE OPERATOR pg_catalog.<= (
	FUNCTION = duty_history_le,
	LEFTARG = duty_history, RIGHTARG = duty_history,
	COMMUTATOR = OPERATOR(pg_catalog.>=), NEGATOR = OPERATOR(pg_catalog.>),
	RESTRICT = scalarlesel, JOIN = scalarlejoinsel
);
COMMENT ON OPERATOR <= (duty_history, duty_history) IS 'less than or equal';

CREATE OPERATOR pg_catalog.> (
	FUNCTION = duty_history_gt,
	LEFTARG = duty_history, RIGHTARG = duty_history,
	COMMUTATOR = OPERATOR(pg_catalog.<), NEGATOR = OPERATOR(pg_catalog.<=),
	RESTRICT = scalargtsel, JOIN = scalargtjoinsel
);
COMMENT ON OPERATOR > (duty_history, duty_history) IS 'greater than';

CREATE OPERATOR pg_catalog.>= (
	FUNCTION = duty_history_ge,
	LEFTARG = duty_history, RIGHTARG = duty_history,
	COMMUTATOR = OPERATOR(pg_catalog.<=), NEGATOR = OPERATOR(pg_catalog.<),
	RESTRICT = scalargesel, JOIN = scalargejoinsel
);
COMMENT ON OPERATOR >= (duty_history, duty_history) IS 'greater than or equal';

CREATE FUNCTION duty_history_cmp(duty_history, duty_history) RETURNS integer
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 5;
COMMENT ON FUNCTION duty_history_cmp(duty_history, duty_history) IS
'less-equal-greater: -1, 0 or 1';

CREATE FUNCTION duty_history_hash(duty_history) RETURNS integer
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION duty_history_hash(duty_history) IS 'hash of duty_history';

CREATE FUNCTION duty_history_hash_extended(duty_history, bigint) RETURNS bigint
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION duty_history_hash_extended(duty_history, bigint) IS
'seeded hash of duty_history';

CREATE OPERATOR CLASS duty_history_ops
DEFAULT FOR TYPE duty_history USING btree AS
	OPERATOR 1 <,
	OPERATOR 2 <=,
	OPERATOR 3 =,
	OPERATOR 4 >=,
	OPERATOR 5 >,
	FUNCTION 1 duty_history_cmp(duty_history, duty_history),
	FUNCTION 4 btequalimage(oid);
COMMENT ON OPERATOR FAMILY duty_history_ops USING btree IS
'order of histories';
COMMENT ON OPERATOR CLASS duty_history_ops USING btree IS
'order of slices, for sorting and DISTINCT';

CREATE OPERATOR CLASS duty_history_ops
DEFAULT FOR TYPE duty_history USING hash AS
	OPERATOR 1 =,
	FUNCTION 1 duty_history_hash(duty_history),
	FUNCTION 2 duty_history_hash_extended(duty_history, bigint);
COMMENT ON OPERATOR FAMILY duty_history_ops USING hash IS
'equality of histories';
COMMENT ON OPERATOR CLASS duty_history_ops USING hash IS
'equality of every slice';

CREATE FUNCTION duty_history_add(duty_history, duty_history) RETURNS duty_history
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION duty_history_add(duty_history, duty_history) IS 'implementation of + operator';

CREATE FUNCTION duty_history_subtract(duty_history, duty_history) RETURNS duty_history
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION duty_history_subtract(duty_history, duty_history) IS
'implementation of - operator';

CREATE FUNCTION duty_history_negate(duty_history) RETURNS duty_history
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION duty_history_negate(duty_history) IS 'implementation of - operator';

CREATE FUNCTION duty_history_multiply(duty_history, numeric) RETURNS duty_history
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION duty_history_multiply(duty_history, numeric) IS 'implementation of * operator';

CREATE FUNCTION numeric_multiply_duty_history(numeric, duty_history) RETURNS duty_history
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION numeric_multiply_duty_history(numeric, duty_history) IS
'implementation of * operator';

CREATE OPERATOR pg_catalog.* (
	FUNCTION = duty_history_multiply,
	LEFTARG = duty_history, RIGHTARG = numeric, COMMUTATOR = OPERATOR(pg_catalog.*)
);
COMMENT ON OPERATOR * (duty_history, numeric) IS
'the history with every amount, in dollars, multiplied, exactly; 22003 where a product has more than eight decimals or cannot be held, and for NaN or infinity';

CREATE OPERATOR pg_catalog.* (
	FUNCTION = numeric_multiply_duty_history,
	LEFTARG = numeric, RIGHTARG = duty_history, COMMUTATOR = OPERATOR(pg_catalog.*)
);
COMMENT ON OPERATOR * (numeric, duty_history) IS
'the history with every amount, in dollars, multiplied, exactly; 22003 where a product has more than eight decimals or cannot be held, and for NaN or infinity';

CREATE OPERATOR pg_catalog.+ (
	FUNCTION = duty_history_add,
	LEFTARG = duty_history, RIGHTARG = duty_history, COMMUTATOR = OPERATOR(pg_catalog.+)
);
COMMENT ON OPERATOR + (duty_history, duty_history) IS
'what both histories owed together; 22003 where a sum cannot be held';

CREATE OPERATOR pg_catalog.- (
	FUNCTION = duty_history_subtract,
	LEFTARG = duty_history, RIGHTARG = duty_history
);
COMMENT ON OPERATOR - (duty_history, duty_history) IS
'the first history without the second; 22003 where a sum cannot be held';

CREATE OPERATOR pg_catalog.- (
	FUNCTION = duty_history_negate,
	RIGHTARG = duty_history
);
COMMENT ON OPERATOR - (NONE, duty_history) IS 'the history with every amount negated';

CREATE FUNCTION shift_months(history duty_history, months integer) RETURNS duty_history
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION shift_months(duty_history, integer) IS
'the history with each slice moved to the same slice of the month so many months later (negative: earlier); 22008 where that is past the range of dates';

CREATE FUNCTION duties_between(history duty_history, first_day date DEFAULT NULL, last_day date DEFAULT NULL) RETURNS duty_history
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10;
COMMENT ON FUNCTION duties_between(duty_history, date, date) IS
'the history of what was owed from the first to the last day, both counted (NULL: no bound); 22023 for a span that does not begin and end on cuts (days 1, 18, 20, 25), 22008 for an infinite day';

--
-- history_agg.c: aggregates over dated amounts and over histories. Their states
-- are histories in a working form; see src/history_state.h.
--

CREATE FUNCTION duty_history_transfn(duty_history, date, numeric) RETURNS duty_history
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION duty_history_transfn(duty_history, date, numeric) IS
'aggregate transition function';

CREATE FUNCTION duty_history_invfn(duty_history, date, numeric) RETURNS duty_history
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION duty_history_invfn(duty_history, date, numeric) IS
'aggregate inverse transition function';

CREATE FUNCTION duty_history_combinefn(duty_history, duty_history) RETURNS duty_history
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION duty_history_combinefn(duty_history, duty_history) IS
'aggregate combine function';

CREATE FUNCTION duty_history_finalfn(duty_history) RETURNS duty_history
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION duty_history_finalfn(duty_history) IS 'aggregate final function';

CREATE FUNCTION rollup_invfn(duty_history, duty_history) RETURNS duty_history
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION rollup_invfn(duty_history, duty_history) IS
'aggregate inverse transition function';

CREATE FUNCTION monthly_duty_transfn(duty_history, date, numeric) RETURNS duty_history
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monthly_duty_transfn(duty_history, date, numeric) IS
'aggregate transition function';

CREATE FUNCTION monthly_duty_invfn(duty_history, date, numeric) RETURNS duty_history
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monthly_duty_invfn(duty_history, date, numeric) IS
'aggregate inverse transition function';

CREATE FUNCTION monthly_duty_combinefn(duty_history, duty_history) RETURNS duty_history
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monthly_duty_combinefn(duty_history, duty_history) IS
'aggregate combine function';

CREATE FUNCTION window_duty_transfn(duty_history, date, numeric, date) RETURNS duty_history
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION window_duty_transfn(duty_history, date, numeric, date) IS
'aggregate transition function';

CREATE FUNCTION window_duty_invfn(duty_history, date, numeric, date) RETURNS duty_history
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION window_duty_invfn(duty_history, date, numeric, date) IS
'aggregate inverse transition function';

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
'the merge of histories, slice by slice; no rows give NULL; 22003 where a sum cannot be held';

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
'what the highest of the 12 calendar months that ended by the third argument owed, in dollars, never below 0 (NULL: of all months); amounts of other days are not looked at; 22003 for an amount with more than eight decimals, NaN or infinity, 22008 for an infinite date, 22023 where the third argument means another window within a group';

--
-- terms.c, history_agg.c: policy, required amounts
--
-- What depends on the policy of the day is STABLE: a later version may bring
-- another policy, and an index or a stored generated column would keep the old
-- amounts without a word.
--

CREATE TYPE security_form AS ENUM ('surety_bond', 'cash_deposit');
COMMENT ON TYPE security_form IS
'how security is posted: surety_bond (a written security agreement) or cash_deposit';

CREATE TYPE security_terms AS (
	bond_rate numeric,
	bond_minimum numeric,
	bond_maximum numeric,
	bond_step numeric,
	deposit_rate numeric,
	deposit_minimum numeric,
	deposit_maximum numeric
);
COMMENT ON TYPE security_terms IS
'what a peak requires: rate times peak, at least the minimum, at most the maximum, in dollars, for a bond and for a cash deposit; security_terms(...) makes one';

COMMENT ON COLUMN security_terms.bond_rate IS 'the bond''s share of the peak, 0.50 for a half; from 0 to 1';
COMMENT ON COLUMN security_terms.bond_minimum IS 'the least bond, in dollars and whole cents';
COMMENT ON COLUMN security_terms.bond_maximum IS 'the highest bond, in dollars and whole cents; Infinity: none';
COMMENT ON COLUMN security_terms.bond_step IS 'rate times peak is rounded up to a multiple of it, in dollars and whole cents; NULL: to the cent, half away from zero';
COMMENT ON COLUMN security_terms.deposit_rate IS 'the deposit''s share of the peak, 1.00 for all of it; from 0 to 1';
COMMENT ON COLUMN security_terms.deposit_minimum IS 'the least deposit, in dollars and whole cents';
COMMENT ON COLUMN security_terms.deposit_maximum IS 'the highest deposit, in dollars and whole cents; Infinity: none';

CREATE FUNCTION security_terms(bond_rate numeric DEFAULT NULL, bond_minimum numeric DEFAULT NULL,
	bond_maximum numeric DEFAULT NULL, bond_step numeric DEFAULT NULL, deposit_rate numeric DEFAULT NULL,
	deposit_minimum numeric DEFAULT NULL, deposit_maximum numeric DEFAULT NULL, on_date date DEFAULT NULL) RETURNS security_terms
AS 'MODULE_PATHNAME' LANGUAGE C STABLE PARALLEL SAFE COST 5;
COMMENT ON FUNCTION security_terms(numeric, numeric, numeric, numeric, numeric, numeric, numeric, date) IS
'terms by which security is required, minimum, maximum and step in dollars; what is NULL is as built in for on_date (NULL: the newest); an infinite maximum is none; 22023 for a negative figure, a rate above 1, a step of 0, a fraction of a cent or a minimum above the maximum, 22003 for a figure with more than eight decimals, NaN or infinity, 22008 for an infinite on_date';

CREATE FUNCTION required_security(peak numeric, form security_form, terms security_terms DEFAULT NULL) RETURNS numeric
AS 'MODULE_PATHNAME' LANGUAGE C STABLE PARALLEL SAFE COST 2;
COMMENT ON FUNCTION required_security(numeric, security_form, security_terms) IS
'the security required for a peak month, in dollars, to the cent, half away from zero, or by the terms'' step: rate * peak, at least the minimum, at most the maximum, and 0 where nothing was owed; NULL for terms: as security_policy() has them; 22003 for a peak with more than eight decimals, NaN or infinity or a result out of range, 22004 for terms with NULL in them, 22023 for terms that security_terms would refuse';

CREATE FUNCTION security_policy(on_date date DEFAULT NULL, OUT form security_form, OUT rate numeric, OUT minimum numeric, OUT maximum numeric,
	OUT step numeric, OUT in_force_since date, OUT source text, OUT certainty text,
	OUT french_form text, OUT french_source text, OUT french_certainty text) RETURNS SETOF record
AS 'MODULE_PATHNAME' LANGUAGE C STABLE PARALLEL SAFE ROWS 2;
COMMENT ON FUNCTION security_policy(date) IS
'the policy that is built in for a day (NULL: the newest; the oldest also holds before it came into force), one row a form: rate of the peak, minimum, maximum and step in dollars (NULL: none), since when, by which source, and how sure that is; the words in French too; 22008 for an infinite day';

CREATE FUNCTION required_bond_finalfn(duty_history) RETURNS numeric
AS 'MODULE_PATHNAME' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION required_bond_finalfn(duty_history) IS 'aggregate final function';

CREATE FUNCTION required_deposit_finalfn(duty_history) RETURNS numeric
AS 'MODULE_PATHNAME' LANGUAGE C STABLE PARALLEL SAFE;
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
'the surety bond that the highest calendar month of the rows requires, in dollars; no rows give NULL; 22003 for an amount with more than eight decimals, NaN or infinity, 22008 for an infinite date';

CREATE AGGREGATE required_bond(date, numeric, date) (
	SFUNC = window_duty_transfn, STYPE = duty_history, SSPACE = 128,
	FINALFUNC = required_bond_finalfn,
	COMBINEFUNC = monthly_duty_combinefn,
	MSFUNC = window_duty_transfn, MINVFUNC = window_duty_invfn, MSTYPE = duty_history, MSSPACE = 128,
	MFINALFUNC = required_bond_finalfn,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE required_bond(date, numeric, date) IS
'the surety bond that the highest of the 12 calendar months which ended by the third argument requires, in dollars; no rows give NULL; 22003 for an amount with more than eight decimals, NaN or infinity, 22008 for an infinite date, 22023 where the third argument means another window within a group';

CREATE AGGREGATE required_deposit(date, numeric) (
	SFUNC = monthly_duty_transfn, STYPE = duty_history, SSPACE = 384,
	FINALFUNC = required_deposit_finalfn,
	COMBINEFUNC = monthly_duty_combinefn,
	MSFUNC = monthly_duty_transfn, MINVFUNC = monthly_duty_invfn, MSTYPE = duty_history, MSSPACE = 384,
	MFINALFUNC = required_deposit_finalfn,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE required_deposit(date, numeric) IS
'the cash deposit that the highest calendar month of the rows requires, in dollars; no rows give NULL; 22003 for an amount with more than eight decimals, NaN or infinity, 22008 for an infinite date';

CREATE AGGREGATE required_deposit(date, numeric, date) (
	SFUNC = window_duty_transfn, STYPE = duty_history, SSPACE = 128,
	FINALFUNC = required_deposit_finalfn,
	COMBINEFUNC = monthly_duty_combinefn,
	MSFUNC = window_duty_transfn, MINVFUNC = window_duty_invfn, MSTYPE = duty_history, MSSPACE = 128,
	MFINALFUNC = required_deposit_finalfn,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE required_deposit(date, numeric, date) IS
'the cash deposit that the highest of the 12 calendar months which ended by the third argument requires, in dollars; no rows give NULL; 22003 for an amount with more than eight decimals, NaN or infinity, 22008 for an infinite date, 22023 where the third argument means another window within a group';

--
-- history_read.c, history_rows.c, security.c, requirements.c, unpaid.c,
-- readings.c, history_algebra.c: reading a history
--

CREATE FUNCTION peak_monthly_duty(history duty_history, as_of date DEFAULT NULL, basis month_basis DEFAULT 'calendar', months integer DEFAULT 12) RETURNS numeric
AS 'MODULE_PATHNAME', 'history_peak_monthly_duty' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 20;
COMMENT ON FUNCTION peak_monthly_duty(duty_history, date, month_basis, integer) IS
'what the highest of the last months whole periods of the basis that ended by as_of (NULL: of all of the history) owed, in dollars, never below 0; 22008 for an infinite date, 22023 for months below 1, 22003 where a month can''t be held';

CREATE FUNCTION peak_period(history duty_history, as_of date DEFAULT NULL, basis month_basis DEFAULT 'calendar', months integer DEFAULT 12) RETURNS daterange
AS 'MODULE_PATHNAME', 'history_peak_period' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 20;
COMMENT ON FUNCTION peak_period(duty_history, date, month_basis, integer) IS
'the highest of the last months whole periods of the basis that ended by as_of (NULL: of all of the history), the latest if several are; NULL where none owed anything; 22008 for an infinite date, 22023 for months below 1, 22003 where a month can''t be held';

CREATE FUNCTION required_security(history duty_history, form security_form, as_of date DEFAULT NULL, basis month_basis DEFAULT 'calendar', months integer DEFAULT 12,
	projected_monthly numeric DEFAULT NULL, terms security_terms DEFAULT NULL) RETURNS numeric
AS 'MODULE_PATHNAME', 'history_required_security' LANGUAGE C STABLE PARALLEL SAFE COST 20;
COMMENT ON FUNCTION required_security(duty_history, security_form, date, month_basis, integer, numeric, security_terms) IS
'the security, in dollars, that the highest of the last months whole periods of the basis that ended by as_of (NULL: of all of the history) requires under the terms (NULL: as built in for as_of); projected_monthly counts as one of them while the history has fewer; 22008 for an infinite date, 22023 for months below 1, a negative projection or terms that security_terms would refuse, 22004 for terms with NULL in them, 22003 where a month can''t be held';

CREATE FUNCTION monthly_duties(history duty_history, basis month_basis DEFAULT 'calendar',
	OUT period daterange, OUT duties numeric) RETURNS SETOF record
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 20 ROWS 36;
COMMENT ON FUNCTION monthly_duties(duty_history, month_basis) IS
'what each period of the basis owed, in dollars, from the first to the last, gaps as 0; 22008 past the range of dates, 22003 where a period can''t be held';

CREATE FUNCTION security_timeline(history duty_history, basis month_basis DEFAULT 'calendar', months integer DEFAULT 12,
	until date DEFAULT NULL, terms security_terms DEFAULT NULL,
	OUT period daterange, OUT duties numeric, OUT peak numeric, OUT peak_period daterange,
	OUT required_bond numeric, OUT required_deposit numeric) RETURNS SETOF record
AS 'MODULE_PATHNAME' LANGUAGE C STABLE PARALLEL SAFE COST 20 ROWS 48;
COMMENT ON FUNCTION security_timeline(duty_history, month_basis, integer, date, security_terms) IS
'one row a period from the first to the one around until (NULL: until the last owed period has left the window): what it owed, the peak of the window that ends with it, and what that would require under the terms (NULL: as built in for the period''s last day), in dollars; rolling: what is required on a day is set once a year, see security_requirements; periods after the data forecast what follows if nothing more is imported; 22023 for months below 1 or terms that security_terms would refuse, 22004 for terms with NULL in them, 22008 past the range of dates, 22003 where a period can''t be held';

CREATE FUNCTION security_position(history duty_history, bond numeric DEFAULT NULL, deposit numeric DEFAULT NULL, as_of date DEFAULT NULL, basis month_basis DEFAULT 'calendar', months integer DEFAULT 12,
	projected_monthly numeric DEFAULT NULL, notified_peak numeric DEFAULT NULL, terms security_terms DEFAULT NULL,
	OUT peak numeric, OUT peak_period daterange, OUT required_bond numeric, OUT required_deposit numeric,
	OUT posted_bond numeric, OUT posted_deposit numeric, OUT shortfall_bond numeric, OUT shortfall_deposit numeric,
	OUT status text, OUT months_of_history integer, OUT estimated boolean,
	OUT current_period daterange, OUT current_duties numeric, OUT covered_peak numeric, OUT outstanding numeric, OUT headroom numeric) RETURNS record
AS 'MODULE_PATHNAME' LANGUAGE C STABLE PARALLEL SAFE COST 50;
COMMENT ON FUNCTION security_position(duty_history, numeric, numeric, date, month_basis, integer, numeric, numeric, security_terms) IS
'how posted security (bond and deposit in dollars, NULL: none) compares with what the history (NULL: nothing owed yet) requires under the terms (NULL: as built in for as_of): peak, required, posted and missing amounts (shortfall_bond if the rest is to be a bond, shortfall_deposit if cash), status (none required, covered, short, none posted), covered_peak: the highest month that what is posted covers (NULL: any), outstanding: what is owed of billing periods not yet due by as_of, and headroom: what may still be owed in the current period (NULL: without limit, or without as_of); with notified_peak (NULL, as peak_in_force is before since: none), what is missing, status and headroom are about that peak in place of the history''s; 22023 for negative amounts, fractions of a cent, months below 1 or terms that security_terms would refuse, 22004 for terms with NULL in them, 22008 for an infinite date, 22003 where a period can''t be held';

CREATE FUNCTION security_requirements(history duty_history, since date, peak numeric DEFAULT NULL, basis month_basis DEFAULT 'review',
	projected_monthly numeric DEFAULT NULL, lowered boolean DEFAULT false, terms security_terms DEFAULT NULL, until date DEFAULT NULL,
	OUT in_force daterange, OUT reviewed daterange, OUT reviewed_peak numeric, OUT reviewed_period daterange,
	OUT peak numeric, OUT required_bond numeric, OUT required_deposit numeric, OUT forecast boolean) RETURNS SETOF record
AS 'MODULE_PATHNAME' LANGUAGE C STABLE PARALLEL SAFE COST 20 ROWS 3;
COMMENT ON FUNCTION security_requirements(duty_history, date, numeric, month_basis, numeric, boolean, security_terms, date) IS
'one row for each span in which one requirement is in force, in dollars: from since on (enrolment, or a granted reduction) for the peak given (NULL: that of the 12 whole periods of the basis before since), then for each annual review (20 October to 19 October, the first closes on 2025-10-19) from its due day, 15 January, on; a review raises the peak, and lowers it only if lowered; projected_monthly counts as one of a review''s periods while the history has fewer than 12; forecast: the review closes after the history ends; until no review finds anything any more, or to the span around until; a NULL history owes nothing; 22023 for a negative amount or terms that security_terms would refuse, 22004 for terms with NULL in them, 22008 for an infinite date or past the range of dates, 22003 where a period can''t be held';

CREATE FUNCTION peak_in_force(history duty_history, day date, since date, peak numeric DEFAULT NULL, basis month_basis DEFAULT 'review',
	projected_monthly numeric DEFAULT NULL, lowered boolean DEFAULT false) RETURNS numeric
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 30;
COMMENT ON FUNCTION peak_in_force(duty_history, date, date, numeric, month_basis, numeric, boolean) IS
'the peak, in dollars, on which the requirement in force on a day rests: that of the row of security_requirements that holds the day; NULL before since, which as notified_peak of security_position means the last twelve months; 22023 for a negative amount, 22008 for an infinite date or past the range of dates, 22003 where a period can''t be held';

CREATE FUNCTION duties_outstanding(history duty_history, as_of date, stream billing_stream DEFAULT 'commercial',
	OUT period daterange, OUT statement_date date, OUT payment_due date, OUT duties numeric, OUT ended boolean) RETURNS SETOF record
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 20 ROWS 2;
COMMENT ON FUNCTION duties_outstanding(duty_history, date, billing_stream) IS
'what is owed and not yet due at the close of as_of, in dollars: one row for each billing period of the stream that has begun by then and whose payment is due on a later day; payments made are negative amounts of the history; a NULL history owes nothing; 22008 for an infinite date or past the range of dates, 22003 where a period can''t be held';

CREATE FUNCTION security_readings(history duty_history, amount numeric, as_of date DEFAULT NULL, terms security_terms DEFAULT NULL,
	OUT basis month_basis, OUT reviewed daterange, OUT form security_form, OUT peak numeric, OUT required numeric, OUT difference numeric) RETURNS SETOF record
AS 'MODULE_PATHNAME' LANGUAGE C STABLE PARALLEL SAFE COST 100 ROWS 24;
COMMENT ON FUNCTION security_readings(duty_history, numeric, date, security_terms) IS
'every way to read a history that is in use, beside an amount that somebody was shown, in dollars, the nearest first: each basis, over the 12 months that ended by as_of, those of the last closed review, and all of the history, as bond and as deposit; difference: required less the amount; windows that are the same stand once; without as_of all of the history only; 22023 for a negative amount or terms that security_terms would refuse, 22004 for terms with NULL in them, 22008 for an infinite date, 22003 where a period or difference can''t be held';

CREATE FUNCTION total_duties(history duty_history, first_day date DEFAULT NULL, last_day date DEFAULT NULL) RETURNS numeric
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 20;
COMMENT ON FUNCTION total_duties(duty_history, date, date) IS
'what was owed from the first to the last day, both counted, in dollars (NULL: no bound); 22023 for a span that does not begin and end on cuts (days 1, 18, 20, 25), 22008 for an infinite day, 22003 where the sum can''t be held';

--
-- sql_portal.c: amounts and dates as the portal's files write them
--

CREATE FUNCTION portal_amount(written text) RETURNS numeric
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 3;
COMMENT ON FUNCTION portal_amount(text) IS
'the amount in dollars that a file of the portal or a spreadsheet writes in English or French, exactly: 1,234.56, 1 234,56 $, (500.00), 500.00-, 500.00 CR; a comma before three digits groups thousands, before one or two it is the decimal comma, and a point alone is the decimal point; 22P02 with the cause for any other text';

CREATE FUNCTION portal_amount_error(written text) RETURNS text
AS 'MODULE_PATHNAME' LANGUAGE C STABLE STRICT PARALLEL SAFE COST 3;
COMMENT ON FUNCTION portal_amount_error(text) IS
'why portal_amount refuses a text, in words of the session''s language; NULL where it does not, and for NULL';

CREATE FUNCTION portal_date(written text, day_first boolean DEFAULT NULL) RETURNS date
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 3;
COMMENT ON FUNCTION portal_date(text, boolean) IS
'the date that a file of the portal or a spreadsheet writes in English or French: 2026-08-03, 20260803, August 3, 2026, 3 Aug 2026 and their French forms; 03/08/2026 with day_first only (NULL: not known), unless only one order gives a date; 22007 with the cause for any other text';

CREATE FUNCTION portal_date_error(written text, day_first boolean DEFAULT NULL) RETURNS text
AS 'MODULE_PATHNAME' LANGUAGE C STABLE PARALLEL SAFE COST 3;
COMMENT ON FUNCTION portal_date_error(text, boolean) IS
'why portal_date refuses a text, in words of the session''s language; NULL where it does not, and for NULL';

--
-- sql_legal_name.c: legal names
--

CREATE FUNCTION legal_name_differences(entered text, registered text) RETURNS text[]
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION legal_name_differences(text, text) IS
'what keeps two legal names from being the same, letter for letter; empty where they are; in this order: letter case, white space (every Unicode space and what cannot be seen), punctuation (also & for and or et), accents (also ligatures and combining marks), legal form: A / B for each pair of ways to write one form in English or French; or only different name, where they differ otherwise, by the kind of legal form too';

--
-- live_track.c, live_verify.c: live histories
--

CREATE FUNCTION count_duties() RETURNS trigger
AS 'MODULE_PATHNAME' LANGUAGE C;
COMMENT ON FUNCTION count_duties() IS 'trigger function of live histories; see track_duties';

CREATE FUNCTION pass_over_parts() RETURNS trigger
AS 'MODULE_PATHNAME' LANGUAGE C;
COMMENT ON FUNCTION pass_over_parts() IS
'trigger function of the parts of live histories; see track_duties';

CREATE FUNCTION require_tracked(entries regclass, parts regclass) RETURNS boolean
AS 'MODULE_PATHNAME' LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION require_tracked(regclass, regclass) IS
'true; the view of live histories asks it once a query: a serialization failure where the snapshot is older than track_duties, a TRUNCATE, a rewriting ALTER TABLE or a change of partitions or children; 55000 where a crash would leave only one of rows and histories, or where rows may be changed through a parent outside';

CREATE FUNCTION track_duties(source regclass, account name, dated name, amount name, target name,
	condition text DEFAULT NULL) RETURNS regclass
AS 'MODULE_PATHNAME' LANGUAGE C;
COMMENT ON FUNCTION track_duties(regclass, name, name, name, name, text) IS
'makes a view target (account, history) in the schema of the source, with one row for each account, and keeps it current with every INSERT, UPDATE, DELETE, MERGE, TRUNCATE and COPY; rows count for which the condition, a boolean column or an immutable expression, is true, and neither account, date nor amount is NULL; only the owner of the source may; the source may be partitioned: after ATTACH or DETACH PARTITION call rebuild_duties. 42501 for others than the owner, 42809 for what is no table, 42703 for a column that isn''t there, 42804 for one of a type that doesn''t do, 42P17 for a condition that isn''t immutable, 42P07 for a target whose name is taken, 42602 for one with a dot, 0A000 at another isolation level than READ COMMITTED. What logical replication applies, or a session with session_replication_role = replica writes, fires no triggers and is not counted: verify_duties finds it, rebuild_duties counts it. Writers are blocked until the transaction ends';

CREATE FUNCTION untrack_duties(source regclass, target name DEFAULT NULL) RETURNS void
AS 'MODULE_PATHNAME' LANGUAGE C;
COMMENT ON FUNCTION untrack_duties(regclass, name) IS
'drops a live history of a table (NULL: all of them) with all that track_duties made for it; only the owner may (42501); 55000 where it is not tracked, 42704 for a target that isn''t there';

CREATE FUNCTION verify_duties(source regclass, target name DEFAULT NULL,
	OUT account text, OUT expected duty_history, OUT found duty_history) RETURNS SETOF record
AS 'MODULE_PATHNAME' LANGUAGE C STABLE ROWS 10;
COMMENT ON FUNCTION verify_duties(regclass, name) IS
'recounts the source and lists the accounts whose live history is another, by one snapshot: no row means that all is well; only the owner may (42501); 55000 where it is not tracked, 42704 for a target that isn''t there';

CREATE FUNCTION rebuild_duties(source regclass, target name DEFAULT NULL) RETURNS bigint
AS 'MODULE_PATHNAME' LANGUAGE C;
COMMENT ON FUNCTION rebuild_duties(regclass, name) IS
'recounts the source and corrects the live histories that are not as they should be; gives how many accounts that were; new partitions get their triggers, for which it waits for their writers; only the owner may (42501); 55000 where it is not tracked, 42704 for a target that isn''t there, 0A000 at another isolation level than READ COMMITTED';

CREATE FUNCTION fold_duties(source regclass, target name DEFAULT NULL) RETURNS bigint
AS 'MODULE_PATHNAME' LANGUAGE C;
COMMENT ON FUNCTION fold_duties(regclass, name) IS
'merges the parts that live histories are the sum of, to one for each account; gives how many fewer there are. Writers do this by themselves for the accounts they touch, up to three parts an account; only the owner may (42501); 55000 where it is not tracked, 42704 for a target that isn''t there, 0A000 at another isolation level than READ COMMITTED';

CREATE FUNCTION tracked_duties(OUT source regclass, OUT account text, OUT dated text, OUT amount text,
	OUT target regclass, OUT condition text) RETURNS SETOF record
AS 'MODULE_PATHNAME' LANGUAGE C STABLE ROWS 10;
COMMENT ON FUNCTION tracked_duties() IS
'the tracked tables, with what was given to track_duties; NULL for what can''t be told now, as while a session has the table locked';

