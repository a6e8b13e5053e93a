/*-------------------------------------------------------------------------
 *
 * number_fault.h
 *	  Reads a text that is not in canonical form, and finds what is wrong
 *	  with it: a cause, and sometimes a hint.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CARM_NUMBER_FAULT_H
#define CARM_NUMBER_FAULT_H

#include "number.h"
#include "number_cursor.h"

/* What is wrong with a text; the first that applies, in this order. */
typedef enum NumberStatus
{
	NUMBER_OK,
	NUMBER_EMPTY,
	NUMBER_LABEL,				/* before the number: see offset, length */
	NUMBER_CHARACTER,			/* belongs in no number: see offset */
	NUMBER_OTHER_KIND,			/* an account for a number, or the reverse */
	NUMBER_LENGTH,				/* see length */
	NUMBER_NOT_DIGIT,			/* a letter for a digit: see offset */
	NUMBER_NOT_LETTER,			/* a digit for a letter: see offset */
	NUMBER_PLACEHOLDER,			/* 000000000 */
	NUMBER_CHECK_DIGIT,			/* see found, required */
	NUMBER_SHORT_REFERENCE,		/* fewer than four digits: see length */
	NUMBER_REFERENCE,			/* 0000 */
	NUMBER_PROGRAM				/* not the one asked for: see found, required */
} NumberStatus;

/* What may help, where something may. */
typedef enum NumberHint
{
	NUMBER_NO_HINT,
	NUMBER_HINT_CAST,			/* the account given is valid: take its number */
	NUMBER_HINT_CONSTRUCT,		/* the number given is valid: add the rest */
	NUMBER_HINT_GUIDES,			/* 123456789 */
	NUMBER_HINT_ZERO,			/* valid with zeros put back: see found */
	NUMBER_HINT_ALONE,			/* valid without what stands before it */
	NUMBER_HINT_DECIMAL,		/* ends in .0 */
	NUMBER_HINT_LETTER_O,		/* the letter for the digit 0 */
	NUMBER_HINT_LETTER_I		/* I or l for the digit 1 */
} NumberHint;

typedef struct NumberParse
{
	NumberStatus status;
	NumberHint	hint;
	uint64_t	value;			/* when all is well */
	size_t		offset;			/* first byte of a wrong character or a label */
	size_t		length;			/* letters and digits; bytes of a label */
	int			found;			/* check digit, program, or zeros put back */
	int			required;
	char		compact[NUMBER_BUFFER]; /* the first letters and digits, in upper
										 * case, or what a hint shows */
} NumberParse;

extern NumberStatus number_parse_slowly(NumberKind kind, const char *s,
										size_t len, NumberSpaces spaces,
										NumberParse *result);
extern const char *number_fault(const NumberParse *parse);

#endif							/* CARM_NUMBER_FAULT_H */
