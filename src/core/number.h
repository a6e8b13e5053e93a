/*-------------------------------------------------------------------------
 *
 * number.h
 *	  Business numbers and program accounts, as integers and as text.
 *
 * A business number is its nine digits as an integer; a program account packs
 * the number, the program and the reference number so that integer order is
 * the order of its text. Every value a function here returns is valid, and so
 * is every value it is given.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CARM_NUMBER_H
#define CARM_NUMBER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum NumberKind
{
	NUMBER_BN9,
	NUMBER_ACCOUNT
} NumberKind;

/*
 * The stored form of an account: 30 bits of number, 10 of program (26 times
 * the first letter plus the second, from A as 0), 14 of reference number.
 */
#define NUMBER_PROGRAM_SHIFT	14
#define NUMBER_BN9_SHIFT		24
#define NUMBER_REFERENCE_MASK	((1 << NUMBER_PROGRAM_SHIFT) - 1)
#define NUMBER_PROGRAM_MASK		((1 << (NUMBER_BN9_SHIFT - NUMBER_PROGRAM_SHIFT)) - 1)

#define NUMBER_MAX_BN9			999999999
#define NUMBER_MAX_PROGRAM		(26 * 26 - 1)
#define NUMBER_MAX_REFERENCE	9999

#define NUMBER_BN9_LENGTH		9
#define NUMBER_ACCOUNT_LENGTH	15

/* Room for the text of either, with its final zero byte. */
#define NUMBER_BUFFER			16

/* Which bytes are the no-break spaces U+00A0 and U+202F. */
typedef enum NumberSpaces
{
	NUMBER_SPACES_ASCII,		/* none are known */
	NUMBER_SPACES_UTF8,			/* C2 A0 and E2 80 AF */
	NUMBER_SPACES_LATIN			/* A0; the narrow one does not exist */
} NumberSpaces;

/* What is wrong with a text; the first that applies, in this order. */
typedef enum NumberStatus
{
	NUMBER_OK,
	NUMBER_EMPTY,
	NUMBER_CHARACTER,			/* belongs in no number: see offset */
	NUMBER_OTHER_KIND,			/* an account for a number, or the reverse */
	NUMBER_LENGTH,				/* see length */
	NUMBER_NOT_DIGIT,			/* a letter for a digit: see offset */
	NUMBER_NOT_LETTER,			/* a digit for a letter: see offset */
	NUMBER_PLACEHOLDER,			/* 000000000 */
	NUMBER_CHECK_DIGIT,			/* see found, required */
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
	NUMBER_HINT_ZERO,			/* valid with a zero in front */
	NUMBER_HINT_DECIMAL,		/* ends in .0 */
	NUMBER_HINT_LETTER_O,		/* the letter for the digit 0 */
	NUMBER_HINT_LETTER_I		/* I or l for the digit 1 */
} NumberHint;

typedef struct NumberParse
{
	NumberStatus status;
	NumberHint	hint;
	uint64_t	value;			/* when all is well */
	size_t		offset;			/* of the first byte of a wrong character */
	size_t		length;			/* letters and digits, all of them */
	int			found;			/* check digit or program */
	int			required;
	char		compact[NUMBER_BUFFER]; /* the first of them, in upper case */
} NumberParse;

extern NumberStatus number_parse(NumberKind kind, const char *s, size_t len,
								 NumberSpaces spaces, NumberParse *result);
extern bool number_read(NumberKind kind, const char *s, size_t len,
						uint64_t *value);
extern size_t number_format(NumberKind kind, uint64_t value,
							char buffer[NUMBER_BUFFER]);
extern void number_format_program(int program, char letters[3]);
extern int	number_read_program(const char *s, size_t len);

extern bool number_next(NumberKind kind, uint64_t *value);
extern bool number_previous(NumberKind kind, uint64_t *value);
extern uint64_t number_lowest(NumberKind kind);
extern uint64_t number_highest(NumberKind kind);

extern int	number_compare_texts(const char *a, size_t a_len, const char *b,
								 size_t b_len, NumberSpaces spaces);
extern int	number_compare_text(NumberKind kind, uint64_t value, const char *s,
								size_t len, NumberSpaces spaces);
extern uint64_t number_hash(uint64_t value, uint64_t seed);
extern uint64_t number_hash_text(const char *s, size_t len,
								 NumberSpaces spaces, uint64_t seed);

/* Packs the parts of an account; the parts are valid. */
static inline uint64_t
number_account(uint32_t number, int program, int reference)
{
	return (uint64_t) number << NUMBER_BN9_SHIFT |
		(uint64_t) program << NUMBER_PROGRAM_SHIFT | (uint64_t) reference;
}

static inline uint32_t
number_of_account(uint64_t account)
{
	return (uint32_t) (account >> NUMBER_BN9_SHIFT);
}

static inline int
number_program_of_account(uint64_t account)
{
	return (int) (account >> NUMBER_PROGRAM_SHIFT) & NUMBER_PROGRAM_MASK;
}

static inline int
number_reference_of_account(uint64_t account)
{
	return (int) account & NUMBER_REFERENCE_MASK;
}

/* All accounts of a number lie from its lowest to its highest. */
static inline uint64_t
number_lowest_account(uint32_t number)
{
	return number_account(number, 0, 1);
}

static inline uint64_t
number_highest_account(uint32_t number)
{
	return number_account(number, NUMBER_MAX_PROGRAM, NUMBER_MAX_REFERENCE);
}

#endif							/* CARM_NUMBER_H */
