-- No-break spaces and other characters beyond ASCII in numbers and accounts.
SELECT getdatabaseencoding() <> 'UTF8' AS skip \gset
\if :skip
\quit
\endif
SET client_encoding = 'UTF8';

SELECT E'\u00a0123\u00a0456\u202f782\u202f'::bn9, E'\u202f \u00a0123456782\u00a0RM\u202f0001\u00a0'::program_account;
SELECT '123456782'::bn9 = E'\u00a0123\u202f456\u00a0782 \u202f'::text, '123456782RM0001'::program_account = E'123456782\u00a0rm\u202f0001'::text,
	number_text_hash(E'\u00a0123\u202f456\u00a0782 \u202f') = number_hash_value('123456782'::bn9),
	'123456782'::bn9 = E'123456782\u2003'::text, '123456782'::bn9 < E'123456782\u2003'::text, E'123\u00a0x' #=# ' 123x', E'123\u00e9' #=# E'123\u00c9';

-- the whole character, and its place counted in characters
SELECT s, bn9_error(s) FROM (VALUES (E'12345678\u00e9'), (E'\u20ac12345678'), (E'\u00a0\u00a0123456782\u2003'), (E'123\u2013456\u2013782'), (E'123456782\U0001F600'),
	(E'\u00c2'), (E'12345678\u0660'), (E'\uff11\uff12'), (E'\u00a0'), (E'\u202f\u00a0 ')) v (s);
SELECT '12345678é'::bn9;

SELECT code, french_name, french_administered_by FROM program_identifiers();
SELECT form, french_form, french_source, french_certainty FROM security_policy();
