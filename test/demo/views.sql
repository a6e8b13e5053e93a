-- What the broker reads. Every number is given as text and every period as two
-- days, so that any program that knows PostgreSQL's own types can show them.
-- What is owed is read from the live histories, whatever the number of
-- declarations.
--
-- A report may be about one importer among many. So what is summed by account is
-- read account by account: LATERAL (SELECT ... WHERE q.account = a.account
-- OFFSET 0). A plain join would sum all accounts first, whichever are asked for.
-- A function of the history alone is given it by a subquery that is one value:
-- else the server would keep the function's rows by history (Memoize), in vain.

CREATE SCHEMA reporting;
COMMENT ON SCHEMA reporting IS 'Views for people and their tools / Vues pour les personnes et leurs outils';

-- The sample data end here. In production: current_date.
CREATE FUNCTION reporting.today() RETURNS date
LANGUAGE sql STABLE
RETURN date '2026-11-20';

COMMENT ON FUNCTION reporting.today() IS 'The day the views speak of / Jour dont parlent les vues';

-- What each requirement rests on: the enrolment, then each reduction that was
-- granted, until the next.
CREATE VIEW requirement_starts AS
SELECT account, enrolled AS since, NULL::numeric AS peak,
	(SELECT min(granted) FROM reductions AS q
	 WHERE q.account = a.account AND granted >= enrolled AND granted <= reporting.today()) AS until
FROM accounts AS a
UNION ALL
SELECT account, granted, r.peak,
	(SELECT min(granted) FROM reductions AS q WHERE q.account = r.account AND q.granted > r.granted AND q.granted <= reporting.today())
FROM reductions AS r
JOIN accounts AS a USING (account)
-- one granted before was of an earlier enrolment
WHERE granted >= enrolled AND granted <= reporting.today();

COMMENT ON VIEW requirement_starts IS 'Days on which a requirement was set anew: enrolments, and reductions granted / Jours où une exigence a été fixée de nouveau : inscriptions et réductions accordées';
COMMENT ON COLUMN requirement_starts.account IS 'Program account / Compte de programme';
COMMENT ON COLUMN requirement_starts.since IS 'First day / Premier jour';
COMMENT ON COLUMN requirement_starts.peak IS 'Highest month it was granted for, in dollars; null: that of the twelve months before / Mois le plus élevé pour lequel elle a été accordée, en dollars; null : celui des douze mois précédents';
COMMENT ON COLUMN requirement_starts.until IS 'Day on which it was set anew; null: not yet / Jour où elle a été fixée de nouveau; null : pas encore';

-- What is required on each day? It is set at enrolment, by each annual review
-- and by a reduction that is granted; it doesn't roll. Up to the next review's
-- due day, also for an account that imports nothing any more.
CREATE VIEW account_requirements AS
SELECT a.account, a.number, i.name AS importer, a.projected_monthly, h.history, s.since, s.peak AS since_peak,
	r.in_force * daterange(s.since, s.until) AS in_force,
	r.reviewed, r.reviewed_peak, r.reviewed_period, r.peak, r.required_bond, r.required_deposit
FROM accounts AS a
JOIN importers AS i USING (number)
LEFT JOIN LATERAL (SELECT history FROM duty_histories AS q WHERE q.account = a.account OFFSET 0) AS h ON true
JOIN requirement_starts AS s ON s.account = a.account
CROSS JOIN LATERAL security_requirements(h.history, s.since, s.peak, projected_monthly => a.projected_monthly,
	until => review_due(reporting.today())) AS r
WHERE r.in_force && daterange(s.since, s.until);

COMMENT ON VIEW account_requirements IS 'What the reports on requirements read: a row for each enrolment, reduction and annual review of an account / Ce que lisent les rapports sur les exigences : une ligne par inscription, réduction et examen annuel d''un compte';
COMMENT ON COLUMN account_requirements.account IS 'Program account / Compte de programme';
COMMENT ON COLUMN account_requirements.number IS 'Business number / Numéro d''entreprise';
COMMENT ON COLUMN account_requirements.importer IS 'Legal name as entered / Dénomination sociale saisie';
COMMENT ON COLUMN account_requirements.projected_monthly IS 'New importers: duties expected in a month, in dollars / Nouveaux importateurs : droits prévus pour un mois, en dollars';
COMMENT ON COLUMN account_requirements.history IS 'What the account owed / Ce que le compte devait';
COMMENT ON COLUMN account_requirements.since IS 'Day of the enrolment or reduction it goes back to / Jour de l''inscription ou de la réduction dont elle découle';
COMMENT ON COLUMN account_requirements.since_peak IS 'Highest month the reduction was granted for, in dollars; null: an enrolment / Mois le plus élevé pour lequel la réduction a été accordée, en dollars; null : une inscription';
COMMENT ON COLUMN account_requirements.in_force IS 'Days on which it is required / Jours où elle est exigée';
COMMENT ON COLUMN account_requirements.reviewed IS 'The twelve months it was computed from / Les douze mois dont elle a été calculée';
COMMENT ON COLUMN account_requirements.reviewed_peak IS 'Highest of these months (20th to 19th), in dollars / Le plus élevé de ces mois (du 20 au 19), en dollars';
COMMENT ON COLUMN account_requirements.reviewed_period IS 'That month / Ce mois';
COMMENT ON COLUMN account_requirements.peak IS 'Month on which the requirement rests, in dollars / Mois sur lequel repose l''exigence, en dollars';
COMMENT ON COLUMN account_requirements.required_bond IS 'Bond required if all is bond, in dollars / Cautionnement exigé si tout est cautionnement, en dollars';
COMMENT ON COLUMN account_requirements.required_deposit IS 'Deposit required if all is cash, in dollars / Dépôt exigé si tout est en espèces, en dollars';

CREATE VIEW reporting.requirements_in_force AS
SELECT account::text AS account,
	importer,
	lower(in_force) AS in_force_from,
	upper(in_force) - 1 AS in_force_to,
	in_force @> reporting.today() AS today,
	CASE WHEN lower(in_force) <> since THEN 'review' WHEN since_peak IS NULL THEN 'enrolment' ELSE 'reduction' END AS set_by,
	lower(reviewed) AS reviewed_from,
	upper(reviewed) - 1 AS reviewed_to,
	reviewed_peak,
	lower(reviewed_period) AS peak_from,
	upper(reviewed_period) - 1 AS peak_to,
	peak,
	required_bond,
	required_deposit,
	upper(reviewed) > reporting.today() AS forecast
FROM account_requirements;

COMMENT ON VIEW reporting.requirements_in_force IS 'What is required on which days: a row for each enrolment, reduction and annual review of an account / Ce qui est exigé, et quels jours : une ligne pour chaque inscription, réduction et examen annuel d''un compte';
COMMENT ON COLUMN reporting.requirements_in_force.account IS 'Program account / Compte de programme';
COMMENT ON COLUMN reporting.requirements_in_force.importer IS 'Legal name as entered / Dénomination sociale saisie';
COMMENT ON COLUMN reporting.requirements_in_force.in_force_from IS 'First day on which it is required: the enrolment, a granted reduction, or a 15 January / Premier jour où elle est exigée : l''inscription, une réduction accordée ou un 15 janvier';
COMMENT ON COLUMN reporting.requirements_in_force.in_force_to IS 'Last day / Dernier jour';
COMMENT ON COLUMN reporting.requirements_in_force.today IS 'Is it what is required today? / Est-ce ce qui est exigé aujourd''hui?';
COMMENT ON COLUMN reporting.requirements_in_force.set_by IS 'enrolment, review or reduction / enrolment (inscription), review (examen) ou reduction (réduction)';
COMMENT ON COLUMN reporting.requirements_in_force.reviewed_from IS 'First day of the twelve months it was computed from / Premier jour des douze mois dont elle est tirée';
COMMENT ON COLUMN reporting.requirements_in_force.reviewed_to IS 'Last day of these months / Dernier jour de ces mois';
COMMENT ON COLUMN reporting.requirements_in_force.reviewed_peak IS 'Highest of these months (20th to 19th), in dollars / Le plus élevé de ces mois (du 20 au 19), en dollars';
COMMENT ON COLUMN reporting.requirements_in_force.peak_from IS 'First day of that month / Premier jour de ce mois';
COMMENT ON COLUMN reporting.requirements_in_force.peak_to IS 'Last day of that month / Dernier jour de ce mois';
COMMENT ON COLUMN reporting.requirements_in_force.peak IS 'Month on which the requirement rests, in dollars: the highest reviewed, and never less than before, unless a reduction was granted / Mois sur lequel repose l''exigence, en dollars : le plus élevé des mois examinés, jamais moins qu''avant, sauf réduction accordée';
COMMENT ON COLUMN reporting.requirements_in_force.required_bond IS 'Bond required if all is bond, in dollars / Cautionnement exigé si tout est en cautionnement, en dollars';
COMMENT ON COLUMN reporting.requirements_in_force.required_deposit IS 'Deposit required if all is cash, in dollars / Dépôt exigé si tout est en espèces, en dollars';
COMMENT ON COLUMN reporting.requirements_in_force.forecast IS 'Does it rest on a review that has not closed yet, as if nothing more were imported? / Repose-t-elle sur un examen qui n''est pas clos, comme si plus rien n''était importé?';

-- Are we covered? What is posted, against the requirement in force today. The
-- rolling figure, of the last twelve months, stands beside it. A position is about
-- the close of a day: of yesterday, so that the current month is today's.
CREATE VIEW reporting.security_positions AS
SELECT a.account::text AS account,
	a.number::text AS business_number,
	i.name AS importer,
	p.status,
	r.peak,
	lower(r.in_force) AS in_force_from,
	upper(r.in_force) - 1 AS in_force_to,
	r.required_bond,
	r.required_deposit,
	p.posted_bond,
	p.posted_deposit,
	p.shortfall_bond,
	p.shortfall_deposit,
	p.covered_peak,
	p.months_of_history,
	p.estimated,
	p.peak AS rolling_peak,
	lower(p.peak_period) AS rolling_from,
	upper(p.peak_period) - 1 AS rolling_to,
	p.required_bond AS rolling_bond,
	coalesce(total_duties(h.history, (lower(p.current_period) - interval '1 year')::date, lower(p.current_period) - 1), 0) AS rolling_duties,
	p.current_duties,
	p.headroom
FROM accounts AS a
JOIN importers AS i USING (number)
LEFT JOIN LATERAL (SELECT history FROM duty_histories AS q WHERE q.account = a.account OFFSET 0) AS h ON true
CROSS JOIN LATERAL (SELECT sum(amount) FILTER (WHERE form = 'surety_bond') AS bond, sum(amount) FILTER (WHERE form = 'cash_deposit') AS deposit
	FROM securities AS q WHERE q.account = a.account AND q.term @> reporting.today()) AS posted
JOIN requirement_starts AS s ON s.account = a.account AND s.since <= reporting.today() AND s.until IS NULL
CROSS JOIN LATERAL security_requirements(h.history, s.since, s.peak, projected_monthly => a.projected_monthly,
	until => reporting.today()) AS r
CROSS JOIN LATERAL security_position(h.history, posted.bond, posted.deposit, as_of => reporting.today() - 1, basis => 'review',
	projected_monthly => a.projected_monthly, notified_peak => r.peak) AS p
WHERE r.in_force @> reporting.today();

COMMENT ON VIEW reporting.security_positions IS 'Security required, posted and missing today, one row an account / Garantie exigée, fournie et manquante aujourd''hui, une ligne par compte';
COMMENT ON COLUMN reporting.security_positions.account IS 'Program account / Compte de programme';
COMMENT ON COLUMN reporting.security_positions.business_number IS 'Business number / Numéro d''entreprise';
COMMENT ON COLUMN reporting.security_positions.importer IS 'Legal name as entered / Dénomination sociale saisie';
COMMENT ON COLUMN reporting.security_positions.status IS 'none required, covered, short or none posted: what is posted against the requirement in force / none required (rien d''exigé), covered (couvert), short (insuffisant) ou none posted (rien de fourni) : la garantie fournie face à l''exigence en vigueur';
COMMENT ON COLUMN reporting.security_positions.peak IS 'Month on which the requirement in force rests, in dollars / Mois sur lequel repose l''exigence en vigueur, en dollars';
COMMENT ON COLUMN reporting.security_positions.in_force_from IS 'First day on which it is in force / Premier jour où elle est en vigueur';
COMMENT ON COLUMN reporting.security_positions.in_force_to IS 'Last day on which it is in force / Dernier jour où elle est en vigueur';
COMMENT ON COLUMN reporting.security_positions.required_bond IS 'Bond required today if all is bond, in dollars / Cautionnement exigé aujourd''hui si tout est en cautionnement, en dollars';
COMMENT ON COLUMN reporting.security_positions.required_deposit IS 'Deposit required today if all is cash, in dollars / Dépôt exigé aujourd''hui si tout est en espèces, en dollars';
COMMENT ON COLUMN reporting.security_positions.posted_bond IS 'Bonds in force, in dollars / Cautionnements en vigueur, en dollars';
COMMENT ON COLUMN reporting.security_positions.posted_deposit IS 'Deposits in force, in dollars / Dépôts en vigueur, en dollars';
COMMENT ON COLUMN reporting.security_positions.shortfall_bond IS 'Rider that covers what is missing, in dollars / Avenant qui couvre ce qui manque, en dollars';
COMMENT ON COLUMN reporting.security_positions.shortfall_deposit IS 'Cash that covers what is missing, in dollars / Espèces qui couvrent ce qui manque, en dollars';
COMMENT ON COLUMN reporting.security_positions.covered_peak IS 'Highest month that what is posted covers, in dollars; null: any / Mois le plus élevé que couvre la garantie fournie, en dollars; null : n''importe lequel';
COMMENT ON COLUMN reporting.security_positions.months_of_history IS 'Whole months since the first declaration, at most twelve / Mois entiers depuis la première déclaration, douze au plus';
COMMENT ON COLUMN reporting.security_positions.estimated IS 'Does the rolling figure rest on a projection? / Le montant mobile repose-t-il sur une projection?';
COMMENT ON COLUMN reporting.security_positions.rolling_peak IS 'Highest of the last twelve months (20th to 19th), in dollars: not what is required, but what a review would find today / Le plus élevé des douze derniers mois (du 20 au 19), en dollars : non pas ce qui est exigé, mais ce qu''un examen trouverait aujourd''hui';
COMMENT ON COLUMN reporting.security_positions.rolling_from IS 'First day of that month / Premier jour de ce mois';
COMMENT ON COLUMN reporting.security_positions.rolling_to IS 'Last day of that month / Dernier jour de ce mois';
COMMENT ON COLUMN reporting.security_positions.rolling_bond IS 'Bond that it would require, in dollars / Cautionnement qu''il exigerait, en dollars';
COMMENT ON COLUMN reporting.security_positions.rolling_duties IS 'Owed in these twelve months, in dollars / Montant dû pour ces douze mois, en dollars';
COMMENT ON COLUMN reporting.security_positions.current_duties IS 'Owed so far in the month that began on the 20th, in dollars / Montant dû à ce jour pour le mois commencé le 20, en dollars';
COMMENT ON COLUMN reporting.security_positions.headroom IS 'What may still be owed in that month without a review asking for more than is posted, in dollars; null: any amount / Ce qui peut encore être dû ce mois-là sans qu''un examen exige plus que la garantie fournie, en dollars; null : sans limite';

-- How does the rolling figure move? With a forecast: what it is if nothing more
-- is imported.
CREATE VIEW reporting.security_timeline AS
SELECT a.account::text AS account,
	lower(t.period) AS month_from,
	upper(t.period) - 1 AS month_to,
	upper(t.period) - 1 > reporting.today() AS forecast,
	t.duties,
	t.peak,
	t.required_bond,
	t.required_deposit
FROM accounts AS a
CROSS JOIN LATERAL security_timeline((SELECT history FROM duty_histories AS q WHERE q.account = a.account), 'review') AS t;

COMMENT ON VIEW reporting.security_timeline IS 'Each account''s months (20th to 19th), and what the twelve up to each would require: rolling figures, not what is in force / Les mois de chaque compte (du 20 au 19) et ce qu''exigeraient les douze mois jusqu''à chacun : chiffres mobiles, et non ce qui est en vigueur';
COMMENT ON COLUMN reporting.security_timeline.account IS 'Program account / Compte de programme';
COMMENT ON COLUMN reporting.security_timeline.month_from IS 'First day of the month, a 20th / Premier jour du mois, un 20';
COMMENT ON COLUMN reporting.security_timeline.month_to IS 'Last day of the month, a 19th / Dernier jour du mois, un 19';
COMMENT ON COLUMN reporting.security_timeline.forecast IS 'Is the month not over yet? / Le mois est-il encore en cours ou à venir?';
COMMENT ON COLUMN reporting.security_timeline.duties IS 'Owed in the month, in dollars / Montant dû pour le mois, en dollars';
COMMENT ON COLUMN reporting.security_timeline.peak IS 'Highest of the twelve months up to this one, in dollars / Le plus élevé des douze mois jusqu''à celui-ci, en dollars';
COMMENT ON COLUMN reporting.security_timeline.required_bond IS 'Bond that a review after this month would ask for, in dollars / Cautionnement qu''exigerait un examen après ce mois, en dollars';
COMMENT ON COLUMN reporting.security_timeline.required_deposit IS 'Deposit that a review after this month would ask for, in dollars / Dépôt qu''exigerait un examen après ce mois, en dollars';

-- What is to be paid, and when? The kinds of duties are told apart, which a
-- history doesn't do: this one reads the declarations.
CREATE VIEW reporting.statements_of_account AS
SELECT d.account::text AS account,
	d.stream::text AS stream,
	d.billing_from,
	upper(billing_period(d.billing_from, d.stream)) - 1 AS billing_to,
	statement_date(d.billing_from, d.stream) AS statement_date,
	payment_due(d.billing_from, d.stream) AS payment_due,
	d.declarations,
	d.customs_duties,
	d.excise,
	d.gst,
	d.sima,
	d.surtax,
	d.total
FROM (SELECT a.account, a.stream, lower(billing_period(release_date, a.stream)) AS billing_from,
		count(*) AS declarations,
		sum(customs_duties) AS customs_duties,
		sum(excise) AS excise,
		sum(gst) AS gst,
		sum(anti_dumping + countervailing) AS sima,
		sum(surtax) AS surtax,
		sum(total) AS total
	  FROM accounts AS a
	  JOIN declarations USING (account)
	  WHERE is_last
	  GROUP BY a.account, a.stream, billing_from) AS d;

COMMENT ON VIEW reporting.statements_of_account IS 'What each billing period owes, and when it is due / Ce que doit chaque période de facturation, et son échéance';
COMMENT ON COLUMN reporting.statements_of_account.account IS 'Program account / Compte de programme';
COMMENT ON COLUMN reporting.statements_of_account.stream IS 'How the account is billed: commercial and csa_option_2 from the 18th to the 17th, the others by calendar month / Facturation du compte : commercial et csa_option_2 du 18 au 17, les autres par mois civil';
COMMENT ON COLUMN reporting.statements_of_account.billing_from IS 'First day of the billing period / Premier jour de la période de facturation';
COMMENT ON COLUMN reporting.statements_of_account.billing_to IS 'Last day of the billing period / Dernier jour de la période de facturation';
COMMENT ON COLUMN reporting.statements_of_account.statement_date IS 'Day the statement is issued / Jour d''émission du relevé de compte';
COMMENT ON COLUMN reporting.statements_of_account.payment_due IS 'Last day to pay / Dernier jour pour payer';
COMMENT ON COLUMN reporting.statements_of_account.declarations IS 'Number of declarations / Nombre de déclarations';
COMMENT ON COLUMN reporting.statements_of_account.customs_duties IS 'Customs duties, in dollars / Droits de douane, en dollars';
COMMENT ON COLUMN reporting.statements_of_account.excise IS 'Excise duties and taxes, in dollars / Droits et taxes d''accise, en dollars';
COMMENT ON COLUMN reporting.statements_of_account.gst IS 'Goods and services tax, in dollars / Taxe sur les produits et services (TPS), en dollars';
COMMENT ON COLUMN reporting.statements_of_account.sima IS 'Anti-dumping and countervailing duties, in dollars / Droits antidumping et compensateurs, en dollars';
COMMENT ON COLUMN reporting.statements_of_account.surtax IS 'Surtaxes and safeguards, in dollars / Surtaxes et mesures de sauvegarde, en dollars';
COMMENT ON COLUMN reporting.statements_of_account.total IS 'All of it, in dollars; negative: a credit / Le tout, en dollars; négatif : un crédit';

-- What did the annual review that closed last find?
CREATE VIEW reporting.review_findings AS
SELECT f.account::text AS account,
	f.importer,
	review.closed AS review_closed,
	lower(f.in_force) AS due,
	f.reviewed_peak,
	lower(f.reviewed_period) AS peak_from,
	upper(f.reviewed_period) - 1 AS peak_to,
	before.peak AS peak_before,
	f.peak,
	before.required_bond AS required_bond_before,
	f.required_bond,
	CASE WHEN f.reviewed_peak > before.peak THEN 'increase'
		 WHEN f.reviewed_peak = before.peak THEN 'the same'
		 WHEN f.reviewed_peak > 0 THEN 'less: stays as it was'
		 ELSE 'nothing owed: stays as it was' END AS finding
FROM (SELECT lower(review_period(reporting.today())) - 1 AS closed) AS review
JOIN account_requirements AS f ON upper(f.reviewed) - 1 = review.closed AND lower(f.in_force) <> f.since
-- the row before it, of the same enrolment or reduction
CROSS JOIN LATERAL (SELECT peak, required_bond
	FROM security_requirements(f.history, f.since, f.since_peak, projected_monthly => f.projected_monthly, until => review.closed) AS r
	WHERE upper(r.in_force) = lower(f.in_force)) AS before;

COMMENT ON VIEW reporting.review_findings IS 'What the last annual review (20 October to 19 October) found, one row for each account that had enrolled by then / Ce que le dernier examen annuel (du 20 octobre au 19 octobre) a trouvé, une ligne pour chaque compte inscrit à ce moment';
COMMENT ON COLUMN reporting.review_findings.account IS 'Program account / Compte de programme';
COMMENT ON COLUMN reporting.review_findings.importer IS 'Legal name as entered / Dénomination sociale saisie';
COMMENT ON COLUMN reporting.review_findings.review_closed IS 'Last day of the year reviewed / Dernier jour de l''année examinée';
COMMENT ON COLUMN reporting.review_findings.due IS 'Day by which it must be met, and from which it is in force / Jour où elle doit être respectée, et à partir duquel elle est en vigueur';
COMMENT ON COLUMN reporting.review_findings.reviewed_peak IS 'Highest month (20th to 19th) of that year, in dollars / Mois le plus élevé (du 20 au 19) de cette année, en dollars';
COMMENT ON COLUMN reporting.review_findings.peak_from IS 'First day of that month / Premier jour de ce mois';
COMMENT ON COLUMN reporting.review_findings.peak_to IS 'Last day of that month / Dernier jour de ce mois';
COMMENT ON COLUMN reporting.review_findings.peak_before IS 'Month on which the requirement rested before, in dollars / Mois sur lequel reposait l''exigence auparavant, en dollars';
COMMENT ON COLUMN reporting.review_findings.peak IS 'Month on which it rests from the due day on, in dollars / Mois sur lequel elle repose à partir de l''échéance, en dollars';
COMMENT ON COLUMN reporting.review_findings.required_bond_before IS 'Bond required before the due day, in dollars / Cautionnement exigé avant l''échéance, en dollars';
COMMENT ON COLUMN reporting.review_findings.required_bond IS 'Bond required from the due day on, in dollars / Cautionnement exigé à partir de l''échéance, en dollars';
COMMENT ON COLUMN reporting.review_findings.finding IS 'increase, the same, less or nothing owed; what is less does not lower the requirement / increase (hausse), the same (inchangé), less (moins) ou nothing owed (rien de dû); moins n''abaisse pas l''exigence';

-- Who must still add by the due day of the review that closed last? Of all
-- accounts, with what is posted for that day.
CREATE VIEW reporting.review_top_ups AS
SELECT a.account::text AS account,
	i.name AS importer,
	review.closed AS review_closed,
	review.due AS top_up_due,
	r.peak,
	r.required_bond,
	p.posted_bond,
	p.posted_deposit,
	p.shortfall_bond,
	p.shortfall_deposit
FROM (SELECT closed, review_due(closed) AS due FROM (SELECT lower(review_period(reporting.today())) - 1 AS closed) AS c) AS review
CROSS JOIN accounts AS a
JOIN importers AS i USING (number)
LEFT JOIN LATERAL (SELECT history FROM duty_histories AS q WHERE q.account = a.account OFFSET 0) AS h ON true
CROSS JOIN LATERAL (SELECT sum(amount) FILTER (WHERE form = 'surety_bond') AS bond, sum(amount) FILTER (WHERE form = 'cash_deposit') AS deposit
	FROM securities AS q WHERE q.account = a.account AND q.term @> review.due) AS posted
JOIN requirement_starts AS s ON s.account = a.account AND s.since <= review.due AND s.until IS NULL
CROSS JOIN LATERAL security_requirements(h.history, s.since, s.peak, projected_monthly => a.projected_monthly, until => review.due) AS r
CROSS JOIN LATERAL security_position(NULL, posted.bond, posted.deposit,
	as_of => review.closed, basis => 'review', notified_peak => r.peak) AS p
WHERE r.in_force @> review.due AND p.shortfall_bond > 0;

COMMENT ON VIEW reporting.review_top_ups IS 'Accounts that must still add security by the due day of the last annual review / Comptes qui doivent encore ajouter une garantie avant l''échéance du dernier examen annuel';
COMMENT ON COLUMN reporting.review_top_ups.account IS 'Program account / Compte de programme';
COMMENT ON COLUMN reporting.review_top_ups.importer IS 'Legal name as entered / Dénomination sociale saisie';
COMMENT ON COLUMN reporting.review_top_ups.review_closed IS 'Last day of the year reviewed / Dernier jour de l''année examinée';
COMMENT ON COLUMN reporting.review_top_ups.top_up_due IS 'Last day to add security / Dernier jour pour ajouter une garantie';
COMMENT ON COLUMN reporting.review_top_ups.peak IS 'Month on which the requirement of that day rests, in dollars / Mois sur lequel repose l''exigence de ce jour, en dollars';
COMMENT ON COLUMN reporting.review_top_ups.required_bond IS 'Bond required on that day if all is bond, in dollars / Cautionnement exigé ce jour-là si tout est en cautionnement, en dollars';
COMMENT ON COLUMN reporting.review_top_ups.posted_bond IS 'Bonds that are in force on that day, as entered so far, in dollars / Cautionnements en vigueur ce jour-là, d''après les saisies à ce jour, en dollars';
COMMENT ON COLUMN reporting.review_top_ups.posted_deposit IS 'Deposits held on that day, in dollars / Dépôts détenus ce jour-là, en dollars';
COMMENT ON COLUMN reporting.review_top_ups.shortfall_bond IS 'Rider that covers what is missing then, in dollars / Avenant qui couvre ce qui manque alors, en dollars';
COMMENT ON COLUMN reporting.review_top_ups.shortfall_deposit IS 'Cash that covers what is missing then, in dollars / Espèces qui couvrent ce qui manque alors, en dollars';

-- Whose reduction is worth a request? The requirement in force is at least a
-- quarter above what the last twelve months and the one that has begun would
-- require, and 1,000 dollars.
CREATE VIEW reporting.reduction_candidates AS
SELECT account,
	importer,
	peak,
	required_bond,
	rolling_peak,
	rolling_bond,
	required_bond - rolling_bond AS difference
FROM reporting.security_positions
WHERE required_bond >= 1.25 * greatest(rolling_bond, required_security(current_duties, 'surety_bond'))
	AND required_bond - greatest(rolling_bond, required_security(current_duties, 'surety_bond')) >= 1000;

COMMENT ON VIEW reporting.reduction_candidates IS 'Accounts whose requirement in force is well above the rolling figure: a reduction may be asked for / Comptes dont l''exigence en vigueur dépasse nettement le montant mobile : une réduction peut être demandée';
COMMENT ON COLUMN reporting.reduction_candidates.account IS 'Program account / Compte de programme';
COMMENT ON COLUMN reporting.reduction_candidates.importer IS 'Legal name as entered / Dénomination sociale saisie';
COMMENT ON COLUMN reporting.reduction_candidates.peak IS 'Month on which the requirement in force rests, in dollars / Mois sur lequel repose l''exigence en vigueur, en dollars';
COMMENT ON COLUMN reporting.reduction_candidates.required_bond IS 'Bond required today, in dollars / Cautionnement exigé aujourd''hui, en dollars';
COMMENT ON COLUMN reporting.reduction_candidates.rolling_peak IS 'Highest of the last twelve months, in dollars / Le plus élevé des douze derniers mois, en dollars';
COMMENT ON COLUMN reporting.reduction_candidates.rolling_bond IS 'Bond that it would require, in dollars / Cautionnement qu''il exigerait, en dollars';
COMMENT ON COLUMN reporting.reduction_candidates.difference IS 'What a reduction would take off the bond, in dollars / Ce qu''une réduction retrancherait du cautionnement, en dollars';

-- What is owed and not yet due, and when is it? Payments made ahead are taken off.
CREATE VIEW reporting.duties_unpaid AS
SELECT a.account::text AS account,
	i.name AS importer,
	a.stream::text AS stream,
	lower(o.period) AS billing_from,
	upper(o.period) - 1 AS billing_to,
	o.statement_date,
	o.payment_due,
	o.duties,
	o.ended
FROM accounts AS a
JOIN importers AS i USING (number)
-- older payments were for periods that are due by now
LEFT JOIN (SELECT account, duty_history(release_date, -amount) AS history
		   FROM interim_payments WHERE paid <= reporting.today() AND release_date > reporting.today() - 100
		   GROUP BY account) AS paid USING (account)
CROSS JOIN LATERAL duties_outstanding(
	coalesce((SELECT history FROM duty_histories AS q WHERE q.account = a.account), '{}') + coalesce(paid.history, '{}'),
	reporting.today(), a.stream) AS o
WHERE o.duties <> 0;

COMMENT ON VIEW reporting.duties_unpaid IS 'What each account owes that is not due yet, by billing period; what was due is taken to be paid / Ce que doit chaque compte et qui n''est pas échu, par période de facturation; ce qui est échu est réputé payé';
COMMENT ON COLUMN reporting.duties_unpaid.account IS 'Program account / Compte de programme';
COMMENT ON COLUMN reporting.duties_unpaid.importer IS 'Legal name as entered / Dénomination sociale saisie';
COMMENT ON COLUMN reporting.duties_unpaid.stream IS 'How the account is billed / Facturation du compte';
COMMENT ON COLUMN reporting.duties_unpaid.billing_from IS 'First day of the billing period / Premier jour de la période de facturation';
COMMENT ON COLUMN reporting.duties_unpaid.billing_to IS 'Last day of the billing period / Dernier jour de la période de facturation';
COMMENT ON COLUMN reporting.duties_unpaid.statement_date IS 'Day the statement is issued / Jour d''émission du relevé de compte';
COMMENT ON COLUMN reporting.duties_unpaid.payment_due IS 'Last day to pay / Dernier jour pour payer';
COMMENT ON COLUMN reporting.duties_unpaid.duties IS 'Owed, less what was paid ahead, in dollars; negative: a credit / Montant dû, moins ce qui a été payé d''avance, en dollars; négatif : un crédit';
COMMENT ON COLUMN reporting.duties_unpaid.ended IS 'Is the period over? If not, more may be added / La période est-elle terminée? Sinon, d''autres montants peuvent s''ajouter';

-- What will the next review find? The rest of its year as the same days of last
-- year were: so, with 12 % more, or without surtaxes and the GST on them.
CREATE VIEW reporting.what_if AS
SELECT f.account::text AS account,
	f.importer,
	scenario.scenario,
	f.required_bond,
	w.peak,
	w.required_bond AS next_required_bond,
	w.required_bond - f.required_bond AS difference
FROM (SELECT closed, (closed + interval '1 year')::date AS next_closed, review_due(closed) AS due, cut - interval '1 year' AS rest_from
	  FROM (SELECT lower(review_period(reporting.today())) - 1 AS closed) AS c,
			-- the first day, of those that cut a month, after today
			LATERAL (SELECT min(day) AS cut FROM generate_series(1, 17) AS n, LATERAL (SELECT reporting.today() + n AS day) AS d
					 WHERE extract(day FROM day) IN (1, 18, 20, 25)) AS cut) AS review
JOIN account_requirements AS f ON f.in_force @> review.due AND f.history IS NOT NULL
CROSS JOIN LATERAL (SELECT duty_history(release_date, surtax) AS history
	FROM declarations AS q WHERE q.account = f.account AND is_last AND surtax <> 0) AS surtaxes
CROSS JOIN LATERAL (SELECT duties_between(f.history, rest_from::date, closed) AS rest,
						duties_between(surtaxes.history, rest_from::date, closed) AS surtaxes) AS last_year
CROSS JOIN LATERAL (VALUES ('as last year', rest), ('12 % more', rest * 1.12), ('surtaxes gone', rest - coalesce(surtaxes, '{}') * 1.05)) AS scenario (scenario, rest)
CROSS JOIN LATERAL (SELECT f.history + shift_months(scenario.rest, 12) AS history OFFSET 0) AS imagined
CROSS JOIN LATERAL (SELECT peak_monthly_duty(imagined.history, next_closed, 'review') AS peak OFFSET 0) AS p
CROSS JOIN LATERAL (SELECT p.peak, required_security(p.peak, 'surety_bond') AS required_bond) AS w;

COMMENT ON VIEW reporting.what_if IS 'What the next annual review would find, if the rest of its year were like last year''s, one row for each account and scenario / Ce que trouverait le prochain examen annuel si le reste de son année ressemblait à l''an dernier, une ligne par compte et par scénario';
COMMENT ON COLUMN reporting.what_if.account IS 'Program account / Compte de programme';
COMMENT ON COLUMN reporting.what_if.importer IS 'Legal name as entered / Dénomination sociale saisie';
COMMENT ON COLUMN reporting.what_if.scenario IS 'as last year; 12 % more; surtaxes gone, and the GST on them / as last year (comme l''an dernier); 12 % more (12 % de plus); surtaxes gone, and the GST on them (sans les surtaxes ni la TPS sur celles-ci)';
COMMENT ON COLUMN reporting.what_if.required_bond IS 'Bond required after the last review, in dollars / Cautionnement exigé après le dernier examen, en dollars';
COMMENT ON COLUMN reporting.what_if.peak IS 'Highest month that the next review would find, in dollars / Mois le plus élevé que trouverait le prochain examen, en dollars';
COMMENT ON COLUMN reporting.what_if.next_required_bond IS 'Bond that this would require, in dollars / Cautionnement que cela exigerait, en dollars';
COMMENT ON COLUMN reporting.what_if.difference IS 'What it is more than required now, in dollars; negative: less, if a reduction is granted / L''excédent sur ce qui est exigé maintenant, en dollars; négatif : moins, si une réduction est accordée';

-- Which notices of the last review ask for something else than we compute, and
-- how would the CBSA have read the history to come nearest?
CREATE VIEW reporting.notices_explained AS
SELECT f.account,
	f.importer,
	n.review_closed,
	n.form::text AS form,
	n.amount AS notified,
	c.computed,
	n.amount - c.computed AS difference,
	r.form::text AS nearest_form,
	r.basis::text AS nearest_months,
	lower(r.reviewed) AS nearest_from,
	upper(r.reviewed) - 1 AS nearest_to,
	r.required AS nearest,
	-r.difference AS unexplained
FROM reporting.review_findings AS f
JOIN notices AS n ON n.account = f.account AND n.review_closed = f.review_closed
CROSS JOIN LATERAL (SELECT history FROM duty_histories AS q WHERE q.account = n.account OFFSET 0) AS h
CROSS JOIN LATERAL (SELECT required_security(f.peak, n.form) AS computed) AS c
CROSS JOIN LATERAL (SELECT * FROM security_readings(h.history, n.amount, as_of => n.review_closed) LIMIT 1) AS r
WHERE n.amount <> c.computed;

COMMENT ON VIEW reporting.notices_explained IS 'Notices of the last review that differ from what we compute, each with the reading of our history that comes nearest / Avis du dernier examen qui diffèrent de notre calcul, chacun avec la lecture de notre historique qui s''en approche le plus';
COMMENT ON COLUMN reporting.notices_explained.account IS 'Program account / Compte de programme';
COMMENT ON COLUMN reporting.notices_explained.importer IS 'Legal name as entered / Dénomination sociale saisie';
COMMENT ON COLUMN reporting.notices_explained.review_closed IS 'Last day of the year reviewed / Dernier jour de l''année examinée';
COMMENT ON COLUMN reporting.notices_explained.form IS 'surety_bond or cash_deposit, as the notice has it / surety_bond (cautionnement) ou cash_deposit (dépôt en espèces), selon l''avis';
COMMENT ON COLUMN reporting.notices_explained.notified IS 'What the notice asks for, in dollars / Ce que l''avis demande, en dollars';
COMMENT ON COLUMN reporting.notices_explained.computed IS 'What we compute, in dollars / Ce que nous calculons, en dollars';
COMMENT ON COLUMN reporting.notices_explained.difference IS 'The notice''s less ours, in dollars / L''avis moins notre calcul, en dollars';
COMMENT ON COLUMN reporting.notices_explained.nearest_form IS 'Form of security of the nearest reading / Forme de garantie de la lecture la plus proche';
COMMENT ON COLUMN reporting.notices_explained.nearest_months IS 'Months of the nearest reading: calendar, billing, statement or review / Mois de la lecture la plus proche : calendar (civil), billing (facturation), statement (relevé) ou review (examen)';
COMMENT ON COLUMN reporting.notices_explained.nearest_from IS 'First day that the nearest reading looks at / Premier jour que regarde la lecture la plus proche';
COMMENT ON COLUMN reporting.notices_explained.nearest_to IS 'Last day that the nearest reading looks at / Dernier jour que regarde la lecture la plus proche';
COMMENT ON COLUMN reporting.notices_explained.nearest IS 'What it requires, in dollars / Ce qu''elle exige, en dollars';
COMMENT ON COLUMN reporting.notices_explained.unexplained IS 'What the notice asks for beyond it, in dollars; 0: it explains the notice / Ce que l''avis demande de plus, en dollars; 0 : elle explique l''avis';
