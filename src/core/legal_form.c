/*-------------------------------------------------------------------------
 *
 * legal_form.c
 *	  The legal forms of businesses, and the ways to write them.
 *
 *-------------------------------------------------------------------------
 */
#include "legal_form.h"

/*
 * All ways to write legal forms. Differences are reported in this order, so new
 * ways are added at the end of their kind.
 */
const LegalForm legal_forms[LEGAL_FORM_COUNT] = {
	{FORM_LIMITED, true, "Ltd.", "ltd"},
	{FORM_LIMITED, false, "Limited", "limited"},
	{FORM_LIMITED, true, "Lt\303\251e", "ltee"},
	{FORM_LIMITED, false, "Limit\303\251e", "limitee"},
	{FORM_INCORPORATED, true, "Inc.", "inc"},
	{FORM_INCORPORATED, false, "Incorporated", "incorporated"},
	{FORM_INCORPORATED, false, "Incorpor\303\251e", "incorporee"},
	{FORM_CORPORATION, true, "Corp.", "corp"},
	{FORM_CORPORATION, false, "Corporation", "corporation"},
	{FORM_COMPANY, true, "Co.", "co"},
	{FORM_COMPANY, false, "Company", "company"},
	{FORM_COMPANY, true, "Cie", "cie"},
	{FORM_COMPANY, false, "Compagnie", "compagnie"},
	{FORM_LLP, true, "LLP", "llp"},
	{FORM_LLP, false, "Limited Liability Partnership", "limitedliabilitypartnership"},
	{FORM_LLP, true, "S.E.N.C.R.L.", "sencrl"},
	{FORM_LLP, true, "S.R.L.", "srl"},
	{FORM_LLP, false,
		"Soci\303\251t\303\251 en nom collectif \303\240 responsabilit\303\251 limit\303\251e",
	"societeennomcollectifaresponsabilitelimitee"},
	{FORM_ULC, true, "ULC", "ulc"},
	{FORM_ULC, false, "Unlimited Liability Company", "unlimitedliabilitycompany"},
	{FORM_ULC, false, "Unlimited Liability Corporation", "unlimitedliabilitycorporation"},
	{FORM_LP, true, "LP", "lp"},
	{FORM_LP, false, "Limited Partnership", "limitedpartnership"},
	{FORM_LP, true, "S.E.C.", "sec"},
	{FORM_LP, false, "Soci\303\251t\303\251 en commandite", "societeencommandite"},
	{FORM_GP, true, "GP", "gp"},
	{FORM_GP, false, "General Partnership", "generalpartnership"},
	{FORM_GP, true, "S.E.N.C.", "senc"},
	{FORM_GP, false, "Soci\303\251t\303\251 en nom collectif", "societeennomcollectif"},
	{FORM_REGISTERED, true, "Reg'd", "regd"},
	{FORM_REGISTERED, false, "Registered", "registered"},
	{FORM_REGISTERED, true, "Enr.", "enr"},
	{FORM_REGISTERED, false, "Enregistr\303\251e", "enregistree"},
	{FORM_REGISTERED, false, "Enregistr\303\251", "enregistre"},
	{FORM_COOPERATIVE, true, "Co-op", "coop"},
	{FORM_COOPERATIVE, false, "Co-operative", "cooperative"},
	{FORM_PROFESSIONAL, true, "P.C.", "pc"},
	{FORM_PROFESSIONAL, false, "Professional Corporation", "professionalcorporation"}
};
