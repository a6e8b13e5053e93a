/*-------------------------------------------------------------------------
 *
 * legal_text.h
 *	  The letters of a legal name, and what stands between them.
 *
 * A name is read as UTF-8, one code point at a time, into letters (with digits)
 * that differ from each other by case and accents, and white space, punctuation
 * and combining marks. Its own tables decide, so that every server, locale and
 * encoding gives the same answer.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CARM_LEGAL_TEXT_H
#define CARM_LEGAL_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum LegalCharClass
{
	LEGAL_LETTER,				/* letters, digits, whatever else is no sign */
	LEGAL_SPACE,				/* white space and what can't be seen */
	LEGAL_SIGN,					/* punctuation and symbols */
	LEGAL_AMPERSAND,			/* punctuation that may be written as a word */
	LEGAL_MARK					/* combining marks */
} LegalCharClass;

/* A letter without its case and accents, and these apart. */
typedef struct LegalLetter
{
	uint32_t	base;			/* lower case, without accents */
	uint32_t	second;			/* of a ligature, its second letter, or 0 */
	uint32_t	accent;			/* 0 for a plain letter, else what tells it */
	bool		upper;
} LegalLetter;

/* A name, and how many code points of it were read so far. */
typedef struct LegalText
{
	const uint8_t *bytes;
	size_t		size;
	uint32_t	reads;
} LegalText;

extern uint32_t legal_text_read(LegalText *text, size_t *at);
extern LegalCharClass legal_char_class(uint32_t c);
extern LegalLetter legal_letter(uint32_t c);

#endif							/* CARM_LEGAL_TEXT_H */
