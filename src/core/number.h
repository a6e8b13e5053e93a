/*-------------------------------------------------------------------------
 *
 * number.h
 *	  Business numbers and program accounts, as integers and as canonical text.
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

/* Letters and digits of a canonical text. */
static inline size_t
number_length(NumberKind kind)
{
	return kind == NUMBER_BN9 ? NUMBER_BN9_LENGTH : NUMBER_ACCOUNT_LENGTH;
}

extern bool number_read(NumberKind kind, const char *s, size_t len,
						uint64_t *value);
extern bool number_has_shape(NumberKind kind, const char *s, size_t len);
extern int	number_check_digit(const char *s);
extern size_t number_format(NumberKind kind, uint64_t value,
							char buffer[NUMBER_BUFFER]);
extern void number_format_program(int program, char letters[3]);
extern int	number_read_program(const char *s, size_t len);

extern bool number_next(NumberKind kind, uint64_t *value);
extern bool number_previous(NumberKind kind, uint64_t *value);
extern uint64_t number_lowest(NumberKind kind);
extern uint64_t number_highest(NumberKind kind);

extern uint64_t number_hash(uint64_t value, uint64_t seed);

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
