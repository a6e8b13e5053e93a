--
-- What keeps two legal names from being the same
--
/* the names below need UTF-8; another server encoding is skipped */
SELECT getdatabaseencoding() <> 'UTF8' AS skip_test \gset
\if :skip_test
\quit
\endif
SET client_encoding = 'UTF8';

--
-- a table of names
--
CREATE TEMP TABLE name_pair (n serial, entered text, registered text, causes text[]);
INSERT INTO name_pair (entered, registered, causes) VALUES
    -- the same
    ('Maple Imports Ltd.', 'Maple Imports Ltd.', '{}'),
    ('', '', '{}'),
    -- letter case
    ('MAPLE IMPORTS LTD.', 'Maple Imports Ltd.', '{letter case}'),
    ('maple imports ltd.', 'Maple Imports Ltd.', '{letter case}'),
    ('ÉPICERIE Ñandú', 'épicerie ñandÚ', '{letter case}'),
    ('ŒUVRES ÆGIS', 'œuvres ægis', '{letter case}'),
    ('STRAẞE', 'straße', '{letter case}'),
    ('Œuvre Ÿ ŠKODA', 'Œuvre ÿ škoda', '{letter case}'),
    -- white space
    ('Maple  Imports Ltd.', 'Maple Imports Ltd.', '{white space}'),
    (' Maple Imports Ltd.', 'Maple Imports Ltd.', '{white space}'),
    ('Maple Imports Ltd. ', 'Maple Imports Ltd.', '{white space}'),
    ('MapleImports Ltd.', 'Maple Imports Ltd.', '{white space}'),
    (E'Maple\tImports\nLtd.', 'Maple Imports Ltd.', '{white space}'),
    (U&'Maple\00A0Imports\202FLtd.', 'Maple Imports Ltd.', '{white space}'),
    (U&'Ma\200Bple Imports Ltd.\FEFF', 'Maple Imports Ltd.', '{white space}'),
    (U&'Ma\00ADple Imports\2060 Ltd.', 'Maple Imports Ltd.', '{white space}'),
    ('Smith &Sons', 'Smith & Sons', '{white space}'),
    ('A&W', 'A & W', '{white space}'),
    ('', U&' \3000', '{white space}'),
    ('Corp orationInc', 'Corporation Inc', '{white space}'),
    -- punctuation
    ('Maple Imports Ltd', 'Maple Imports Ltd.', '{punctuation}'),
    ('Maple Imports, Ltd.', 'Maple Imports Ltd.', '{punctuation}'),
    ('Mapl''e', 'Mapl’e', '{punctuation}'),
    ('L''Érable «Inc.»', 'L’Érable "Inc."', '{punctuation}'),
    ('Nord-Sud', 'Nord–Sud', '{punctuation}'),
    ('Maple™ Imports', 'Maple Imports', '{punctuation}'),
    ('Smith & Sons', 'Smith and Sons', '{punctuation}'),
    ('Fils ET Filles', 'Fils & Filles', '{punctuation}'),
    ('Smith & Sons', 'Smith Sons', '{punctuation}'),
    ('Smith + Sons', 'Smith & Sons', '{punctuation}'),
    ('Maple - Imports', 'Maple Imports', '{punctuation}'),
    ('Maple - Imports', 'Maple: Imports', '{punctuation}'),
    ('(Canada) Ltd.', 'Canada Ltd.', '{punctuation}'),
    ('L.L.P.', 'LLP', '{punctuation}'),
    ('&', 'and', '{punctuation}'),
    ('&&', '&', '{punctuation}'),
    ('Smith &', 'Smith', '{white space,punctuation}'),
    ('Smith&Sons', 'Smith and Sons', '{white space,punctuation}'),
    ('Coca-Cola', 'Coca Cola', '{white space,punctuation}'),
    ('Maple  - Imports', 'Maple Imports', '{white space,punctuation}'),
    -- accents
    ('Epicerie Quebec', 'Épicerie Québec', '{accents}'),
    ('Coeur', 'Cœur', '{accents}'),
    ('Oeuvre', 'Œuvre', '{accents}'),
    ('Strasse', 'Straße', '{accents}'),
    ('Łódź', 'Lodz', '{accents}'),
    ('Þór ĳs', 'Thor ijs', '{accents}'),
    ('Ltee', 'Ltée', '{accents}'),
    (U&'e\0301picerie', U&'\00E9picerie', '{accents}'),
    (U&'e\0301\0323', U&'e\0323\0301', '{accents}'),
    (U&'W\0331SA\0301NEC\0301', 'WSANEC', '{accents}'),
    (U&'a.\0301', U&'a\0301.', '{accents}'),
    ('1re', '1ʳᵉ', '{different name}'),
    ('Nº 1', 'No 1', '{accents}'),
    -- legal forms
    ('Maple Ltd.', 'Maple Limited', '{legal form: Ltd. / Limited}'),
    ('Maple Limited', 'Maple Ltd', '{legal form: Ltd. / Limited}'),
    ('Maple LTD.', 'Maple Limited', '{legal form: Ltd. / Limited}'),
    ('Maple Inc.', 'Maple Incorporated', '{legal form: Inc. / Incorporated}'),
    ('Érable Inc.', 'Érable Incorporée', '{legal form: Inc. / Incorporée}'),
    ('Maple Corp.', 'Maple Corporation', '{legal form: Corp. / Corporation}'),
    ('Maple Co.', 'Maple Company', '{legal form: Co. / Company}'),
    ('Érable Ltée', 'Érable Limitée', '{legal form: Ltée / Limitée}'),
    ('Érable ltee', 'Érable Limitee', '{legal form: Ltée / Limitée}'),
    (U&'\00C9rable Lte\0301e', 'Érable Ltd.', '{legal form: Ltd. / Ltée}'),
    ('Maple Limited', 'Maple Limitée', '{legal form: Limited / Limitée}'),
    ('Maple Ltd.', 'Maple Ltée', '{legal form: Ltd. / Ltée}'),
    ('Dupont & Cie', 'Dupont & Compagnie', '{legal form: Cie / Compagnie}'),
    ('Cie Dupont', 'Compagnie Dupont', '{legal form: Cie / Compagnie}'),
    ('Dupont & Co.', 'Dupont et Cie', '{punctuation,legal form: Co. / Cie}'),
    ('Roy LLP', 'Roy Limited Liability Partnership', '{legal form: LLP / Limited Liability Partnership}'),
    ('Roy LLP', 'Roy S.E.N.C.R.L.', '{legal form: LLP / S.E.N.C.R.L.}'),
    ('Roy s.r.l.', 'Roy L.L.P.', '{legal form: LLP / S.R.L.}'),
    ('Roy, s.e.n.c.r.l.', 'Roy, société en nom collectif à responsabilité limitée',
     '{legal form: S.E.N.C.R.L. / Société en nom collectif à responsabilité limitée}'),
    ('Maple ULC', 'Maple Unlimited Liability Company', '{legal form: ULC / Unlimited Liability Company}'),
    ('Maple ULC', 'Maple Unlimited Liability Corporation', '{legal form: ULC / Unlimited Liability Corporation}'),
    ('Maple LP', 'Maple Limited Partnership', '{legal form: LP / Limited Partnership}'),
    ('Maple Ltd. Partnership', 'Maple Limited Partnership', '{legal form: Ltd. / Limited}'),
    ('Érable S.E.C.', 'Érable Société en commandite', '{legal form: S.E.C. / Société en commandite}'),
    ('Roy S.E.N.C.', 'Roy Société en nom collectif', '{legal form: S.E.N.C. / Société en nom collectif}'),
    ('Roy S. E. N. C.', 'Roy General Partnership', '{legal form: General Partnership / S.E.N.C.}'),
    ('Érable Enr.', 'Érable Enregistrée', '{legal form: Enr. / Enregistrée}'),
    (U&'\00C9rable Enregistre\0301', 'Érable Enr.', '{legal form: Enr. / Enregistré}'),
    ('Maple Reg''d', 'Maple Registered', '{legal form: Reg''d / Registered}'),
    ('Maple Co-op', 'Maple Co-operative', '{legal form: Co-op / Co-operative}'),
    ('Maple Cooperative', 'Maple Coopérative', '{accents}'),
    ('Roy P.C.', 'Roy Professional Corporation', '{legal form: P.C. / Professional Corporation}'),
    ('Maple Co. Ltd.', 'Maple Company Limited', '{legal form: Ltd. / Limited,legal form: Co. / Company}'),
    ('Maple Ltd. Ltd.', 'Maple Limited Limited', '{legal form: Ltd. / Limited}'),
    ('Maple Ltd. (Canada)', 'Maple Limited (Canada)', '{legal form: Ltd. / Limited}'),
    ('Maple Limited.', 'Maple Ltd.', '{punctuation,legal form: Ltd. / Limited}'),
    ('Maple, Ltd.', 'Maple Limited', '{punctuation,legal form: Ltd. / Limited}'),
    ('MapleLtd.', 'Maple Limited', '{white space,legal form: Ltd. / Limited}'),
    ('Inc orporated', 'Incorporated', '{white space}'),
    -- everything at once
    ('L''EPICERIE  Nord & Sud ltee', 'L’Épicerie Nord et Sud Limitée',
     '{letter case,white space,punctuation,accents,legal form: Ltée / Limitée}'),
    -- different names, of which nothing else is told
    ('Maple Imports Ltd.', 'Oak Imports Ltd.', '{different name}'),
    ('MAPLE  Imports', 'Maple Import', '{different name}'),
    ('Maple', 'Maple Inc.', '{different name}'),
    ('Maple Ltd.', 'Maple Inc.', '{different name}'),
    ('Maple Corp.', 'Maple Company', '{different name}'),
    ('Maple LP', 'Maple LLP', '{different name}'),
    ('Smith and Sons', 'Smith et Sons', '{different name}'),
    ('Smith and Sons', 'Smith Sons', '{different name}'),
    ('A&B', 'AandB', '{different name}'),
    ('Coltd', 'Colimited', '{different name}'),
    ('Incline', 'Incorporatedline', '{different name}'),
    ('Maple 2', 'Maple 3', '{different name}'),
    ('Клен', 'клен', '{different name}'),
    ('楓', '楓葉', '{different name}'),
    ('', 'Maple', '{different name}');

SELECT n, entered, registered, causes, legal_name_differences(entered, registered)
FROM name_pair
WHERE causes <> legal_name_differences(entered, registered) OR
      causes <> legal_name_differences(registered, entered)
ORDER BY n;
SELECT count(*) AS pairs, count(*) FILTER (WHERE legal_name_differences(entered, entered) = '{}') AS same
FROM name_pair;
-- whatever two names are compared: none only where they are the same, and
-- which of them was entered doesn't matter
SELECT count(*) AS comparisons,
       count(*) FILTER (WHERE (found = '{}') <> (a COLLATE "C" = b)
                           OR found <> legal_name_differences(b, a)) AS wrong
FROM (SELECT a, b, legal_name_differences(a, b) AS found
      FROM (SELECT entered FROM name_pair UNION SELECT registered FROM name_pair) AS x (a),
           (SELECT entered FROM name_pair UNION SELECT registered FROM name_pair) AS y (b)) AS z;

SELECT legal_name_differences(NULL, 'Maple'), legal_name_differences('Maple', NULL);
SELECT legal_name_differences(entered => 'Maple Ltd.', registered => 'Maple Limited');

--
-- letters: every pair of plain letters and of those that the server can take
-- apart into a plain letter and its accents
--
CREATE TEMP TABLE letter AS
SELECT chr(c) AS letter, left(apart, 1) AS plain, substr(apart, 2) AS accents
FROM (SELECT c, normalize(chr(c), NFD) AS apart
      FROM (SELECT generate_series(65, 90) UNION ALL SELECT generate_series(97, 122)
            UNION ALL SELECT generate_series(192, 383)
            UNION ALL SELECT generate_series(7680, 7935)) AS n (c)) AS a
WHERE left(apart, 1) ~ '^[A-Za-z]$';
SELECT count(*) AS letters FROM letter;
SELECT count(*) AS comparisons, count(*) FILTER (WHERE found IS DISTINCT FROM expected) AS differences
FROM letter a, letter b,
     LATERAL (SELECT legal_name_differences('x' || a.letter, 'x' || b.letter)) AS f (found),
     LATERAL (SELECT CASE WHEN upper(a.plain) <> upper(b.plain) THEN '{different name}'::text[]
                     ELSE array_remove(ARRAY[CASE WHEN a.plain <> b.plain THEN 'letter case' END,
                                             CASE WHEN a.accents <> b.accents THEN 'accents' END], NULL)
                     END) AS e (expected);
SELECT count(*) AS letters,
       count(*) FILTER (WHERE legal_name_differences(letter, plain || accents) <> '{accents}') AS differences
FROM letter WHERE accents <> '';

-- white space: all that Unicode calls so, and what can't be seen
SELECT count(*) AS spaces,
       count(*) FILTER (WHERE legal_name_differences('a' || chr(c) || 'b', 'a' || replaced || 'b') <> '{white space}') AS differences
FROM unnest('{9,10,11,12,13,133,160,5760,8192,8193,8194,8195,8196,8197,8198,8199,8200,8201,8202,8232,8233,
              8239,8287,12288,8203,8204,8205,8206,8207,8288,65279,173}'::int[]) AS c,
     unnest('{"", " ", "  "}'::text[]) AS replaced;
-- punctuation of English and French
SELECT count(*) AS signs,
       count(*) FILTER (WHERE legal_name_differences('a' || sign || 'b', 'a' || replaced || 'b') <> '{punctuation}') AS differences
FROM string_to_table('!"#$%()*,-./:;<=>?@[\]^_`{|}~''¡¢£§©«®°±·»¿×‐‑‒–—―‘’‚‛“”„‟†•…‹›ʼʻ€™№', NULL) AS sign,
     unnest('{"", "+", "&"}'::text[]) AS replaced;

--
-- seeded changes to made-up names: exactly those are found
--
SELECT setseed(0.25);
CREATE TEMP TABLE made AS
SELECT first, second, form, ceil(random() * 7)::int AS form_kind,
       random() < 0.5 AS case_changes, random() < 0.5 AS space_changes,
       random() < 0.5 AS sign_changes, random() < 0.5 AS accent_changes,
       random() < 0.5 AS form_changes, random() < 0.1 AS name_changes,
       ceil(random() * 5)::int AS space_kind, ceil(random() * 4)::int AS sign_kind
FROM generate_series(1, 40) AS n,
     (VALUES ('Érable'), ('Forêt'), ('Œillet'), ('Noël')) AS f (first),
     (VALUES ('O''Brien-Roy'), ('D''Arcy-Lapointe & Filles'), ('1234-5678 l''Ouest-Québec')) AS s (second),
     (VALUES (1), (2), (3)) AS k (form);

SELECT count(*) AS comparisons, count(DISTINCT expected) > 100 AS many_outcomes,
       count(*) FILTER (WHERE legal_name_differences(entered, registered) IS DISTINCT FROM expected) AS differences
FROM made,
     (VALUES (1, 'Ltd.', 'Limited'), (2, 'Inc.', 'Incorporated'), (3, 'Ltée', 'Limitée'), (4, 'Corp.', 'Corporation'),
             (5, 'Cie', 'Compagnie'), (6, 'S.E.N.C.', 'Société en nom collectif'),
             (7, 'LLP', 'Limited Liability Partnership')) AS f (kind, short, long),
     LATERAL (SELECT first || ' ' || second || ' ' || short || ' Canada') AS r (registered),
     LATERAL (SELECT CASE WHEN accent_changes THEN replace(replace(replace(replace(first, 'É', 'E'), 'ê', U&'e\0302'), 'Œ', 'Oe'), 'ë', 'e') ELSE first END
                     || (ARRAY[' ', '  ', U&'\00A0', U&' \2003', U&'\200B', ''])[CASE WHEN space_changes THEN space_kind + 1 ELSE 1 END]
                     || CASE WHEN sign_changes THEN (ARRAY[replace(second, '''', '’'), replace(second, '-', '—'), replace(second, '-', ''), '"' || second || '"'])[sign_kind]
                        ELSE second END
                     || CASE WHEN name_changes THEN ' Sept' ELSE '' END
                     || ' ' || CASE WHEN form_changes THEN long ELSE short END
                     || CASE WHEN case_changes THEN ' CANADA' ELSE ' Canada' END) AS e (entered),
     LATERAL (SELECT CASE WHEN name_changes THEN '{different name}'::text[]
                     ELSE array_remove(ARRAY[CASE WHEN case_changes THEN 'letter case' END,
                                             CASE WHEN space_changes THEN 'white space' END,
                                             CASE WHEN sign_changes THEN 'punctuation' END,
                                             CASE WHEN accent_changes THEN 'accents' END,
                                             CASE WHEN form_changes THEN 'legal form: ' || short || ' / ' || long END], NULL)
                     END) AS x (expected)
WHERE kind = form_kind;

-- long names, also such as would tempt one to look twice
SELECT what, legal_name_differences(a, b)
FROM (VALUES ('same', repeat('Maple ', 100000), repeat('Maple ', 100000)),
             ('case', repeat('Maple ', 100000), repeat('MAPLE ', 100000)),
             ('one space', 'a' || repeat(' ', 1000000) || 'b', 'a b'),
             ('forms', repeat('Limited ', 100000), repeat('Ltd. ', 100000)),
             ('almost forms', repeat('S. E. N. C. ', 100000) || 'x', repeat('SENC', 100000) || 'x'),
             ('ampersands', repeat('&', 500000) || 'a', 'a'),
             ('signs', repeat('- ', 500000) || 'a', repeat('. ', 500000) || 'a'),
             ('marks', 'a' || repeat(U&'\0301', 300000), 'a')) AS long (what, a, b);

DROP TABLE name_pair, letter, made;
