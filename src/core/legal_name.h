/*-------------------------------------------------------------------------
 *
 * legal_name.h
 *	  Why two legal names are not the same, letter for letter.
 *
 * See legal_text.h for what a letter is.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CARM_LEGAL_NAME_H
#define CARM_LEGAL_NAME_H

#include <stdbool.h>
#include <stdint.h>

#include "legal_form.h"
#include "legal_text.h"

typedef struct LegalNameDifferences
{
	bool		letter_case;
	bool		white_space;
	bool		punctuation;
	bool		accents;
	/* for each way to write a form, the later ways that answer it (bits) */
	uint64_t	forms[LEGAL_FORM_COUNT];
	bool		different_name;
} LegalNameDifferences;

extern void legal_name_compare(LegalText *entered, LegalText *registered,
							   LegalNameDifferences *found);

#endif							/* CARM_LEGAL_NAME_H */
