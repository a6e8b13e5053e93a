/*-------------------------------------------------------------------------
 *
 * number_text.h
 *	  Business numbers and program accounts as people write them.
 *
 * A text may have white space around it, and spaces and hyphens between its
 * letters and digits.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CARM_NUMBER_TEXT_H
#define CARM_NUMBER_TEXT_H

#include "number_fault.h"

extern NumberStatus number_parse(NumberKind kind, const char *s, size_t len,
								 NumberSpaces spaces, NumberParse *result);
extern int	number_compare_texts(const char *a, size_t a_len, const char *b,
								 size_t b_len, NumberSpaces spaces);
extern int	number_compare_text(NumberKind kind, uint64_t value, const char *s,
								size_t len, NumberSpaces spaces);
extern uint64_t number_hash_text(const char *s, size_t len,
								 NumberSpaces spaces, uint64_t seed);

#endif							/* CARM_NUMBER_TEXT_H */
