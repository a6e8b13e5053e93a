/*-------------------------------------------------------------------------
 *
 * legal_form.h
 *	  The legal forms of businesses, and the ways to write them.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CARM_LEGAL_FORM_H
#define CARM_LEGAL_FORM_H

#include <stdbool.h>

/* The kinds of legal form; a kind never stands for another. */
typedef enum FormKind
{
	FORM_LIMITED,
	FORM_INCORPORATED,
	FORM_CORPORATION,
	FORM_COMPANY,
	FORM_LLP,
	FORM_ULC,
	FORM_LP,
	FORM_GP,
	FORM_REGISTERED,
	FORM_COOPERATIVE,
	FORM_PROFESSIONAL
} FormKind;

/* A way to write a form. */
typedef struct LegalForm
{
	FormKind	kind;
	bool		abbreviation;	/* the dot that ends it is part of it */
	const char *name;			/* how it is usually written, in UTF-8 */
	const char *letters;		/* what is looked for */
} LegalForm;

#define LEGAL_FORM_COUNT	38

extern const LegalForm legal_forms[LEGAL_FORM_COUNT];

#endif							/* CARM_LEGAL_FORM_H */
