/*-------------------------------------------------------------------------
 *
 * legal_name.c
 *	  Why two legal names are not the same, letter for letter.
 *
 * The two names are read side by side, letter by letter. A letter must meet
 * the same letter, else the names are different; what may differ is its case
 * and accents, and the gap before it: white space, punctuation, combining
 * marks. Two exceptions let words meet that are spelled with other letters: a
 * legal form meets another way to write it, and an ampersand meets "and" or
 * "et". Nothing is copied, and each name is read a bounded number of times.
 *
 *-------------------------------------------------------------------------
 */
#include "legal_name.h"

#include <string.h>

/*
 * At most so many characters stand between two letters of a form, as in
 * "S. E. N. C."; the limit bounds the time to look for one.
 */
#define FORM_GAP_LIMIT	4

/* A name being read: a letter or ampersand, and the gap before it. */
typedef struct Reader
{
	LegalText  *text;
	size_t		gap_from;		/* the gap is [gap_from, gap_to) */
	size_t		gap_to;
	size_t		at;				/* the first byte not yet read */
	bool		end;			/* nothing follows the gap */
	bool		ampersand;
	bool		second_half;	/* the second letter of a ligature */
	bool		starts_word;
	LegalLetter letter;
} Reader;

/*
 * Moves on to the next letter or ampersand. The gap before it starts where
 * the last one ended, or goes on from where it started.
 */
static void
read_next(Reader *r, bool extend_gap)
{
	bool		breaks = extend_gap || r->at == 0 || r->ampersand;

	if (!extend_gap)
		r->gap_from = r->at;
	r->gap_to = r->at;

	r->second_half = !r->ampersand && r->letter.second != 0;
	if (r->second_half)
	{
		r->letter.base = r->letter.second;
		r->letter.second = 0;
		r->starts_word = false;
		return;
	}

	while (r->at < r->text->size)
	{
		uint32_t	c = legal_text_read(r->text, &r->at);
		LegalCharClass class = legal_char_class(c);

		if (class == LEGAL_LETTER || class == LEGAL_AMPERSAND)
		{
			r->ampersand = class == LEGAL_AMPERSAND;
			memset(&r->letter, 0, sizeof(r->letter));
			if (class == LEGAL_LETTER)
				r->letter = legal_letter(c);
			r->starts_word = breaks;
			return;
		}
		if (class != LEGAL_MARK)
			breaks = true;
		r->gap_to = r->at;
	}
	r->end = true;
	r->ampersand = false;
	memset(&r->letter, 0, sizeof(r->letter));
}

/* Does a word end at a place? Moves the place past marks on the last letter. */
static bool
word_ends(LegalText *text, size_t *at)
{
	for (int i = 0; *at < text->size && i < FORM_GAP_LIMIT; i++)
	{
		size_t		next = *at;
		LegalCharClass class = legal_char_class(legal_text_read(text, &next));

		if (class != LEGAL_MARK)
			return class != LEGAL_LETTER;
		*at = next;
	}
	return *at >= text->size;
}

/*
 * Does a word, or words, of exactly these letters stand here, whatever their
 * case, accents and gaps? If so, where does it end?
 */
static bool
word_stands(const Reader *r, const char *letters, size_t *end)
{
	LegalText  *text = r->text;
	LegalLetter letter = r->letter;
	size_t		at = r->at;

	if (r->end || r->ampersand || r->second_half)
		return false;
	for (;;)
	{
		int			gap = 0;

		if (letter.base != (unsigned char) *letters++)
			return false;
		if (letter.second != 0 && letter.second != (unsigned char) *letters++)
			return false;
		if (*letters == '\0')
			break;

		for (;;)
		{
			uint32_t	c;
			LegalCharClass class;

			if (at >= text->size || gap++ > FORM_GAP_LIMIT)
				return false;
			c = legal_text_read(text, &at);
			class = legal_char_class(c);
			if (class == LEGAL_AMPERSAND)
				return false;
			if (class == LEGAL_LETTER)
			{
				letter = legal_letter(c);
				break;
			}
		}
	}
	if (!word_ends(text, &at))
		return false;
	*end = at;
	return true;
}

/* Goes on after a word: the next gap starts at its end. */
static void
skip_word(Reader *r, size_t end)
{
	r->at = end;
	r->letter.second = 0;
	r->ampersand = false;
	read_next(r, false);
	r->starts_word = true;
}

/* The place after the dot that ends an abbreviation, if there is one. */
static size_t
skip_dot(const Reader *r, size_t at)
{
	return at < r->text->size && r->text->bytes[at] == '.' ? at + 1 : at;
}

/* Finds the next code point of a gap that is of one of the classes (bits). */
static bool
next_in_gap(LegalText *text, size_t *at, size_t to, unsigned classes, uint32_t *c)
{
	while (*at < to)
	{
		*c = legal_text_read(text, at);
		if (classes & (1u << legal_char_class(*c)))
			return true;
	}
	return false;
}

/* Do two gaps have the same code points of some classes, in the same order? */
static bool
gaps_agree(const Reader *a, const Reader *b, unsigned classes)
{
	size_t		at_a = a->gap_from;
	size_t		at_b = b->gap_from;

	for (;;)
	{
		uint32_t	ca = 0;
		uint32_t	cb = 0;
		bool		more_a = next_in_gap(a->text, &at_a, a->gap_to, classes, &ca);
		bool		more_b = next_in_gap(b->text, &at_b, b->gap_to, classes, &cb);

		if (more_a != more_b)
			return false;
		if (!more_a)
			return true;
		if (ca != cb)
			return false;
	}
}

/* A run of white space within a gap. */
typedef struct Run
{
	size_t		from;
	size_t		to;
} Run;

static bool
runs_equal(LegalText *a, Run ra, LegalText *b, Run rb)
{
	return ra.to - ra.from == rb.to - rb.from &&
		memcmp(a->bytes + ra.from, b->bytes + rb.from, ra.to - ra.from) == 0;
}

/* The next run of white space that is not as the one before. */
static bool
next_run(const Reader *r, size_t *at, Run *run)
{
	Run			last = *run;

	while (*at < r->gap_to)
	{
		size_t		from = *at;

		if (legal_char_class(legal_text_read(r->text, at)) != LEGAL_SPACE)
			continue;
		run->from = from;
		do
		{
			run->to = *at;
		} while (*at < r->gap_to &&
				 legal_char_class(legal_text_read(r->text, at)) == LEGAL_SPACE);
		if (!runs_equal(r->text, last, r->text, *run))
			return true;
	}
	return false;
}

/*
 * Is the white space of two gaps the same, although their punctuation is not?
 * Taking a mark away, as in "A - B" and "A B", leaves a run less and that is
 * no difference; runs that differ are one, and so is a word break that is gone.
 */
static bool
white_space_alike(const Reader *a, const Reader *b)
{
	size_t		at_a = a->gap_from;
	size_t		at_b = b->gap_from;
	Run			run_a = {0, 0};
	Run			run_b = {0, 0};

	for (;;)
	{
		bool		more_a = next_run(a, &at_a, &run_a);
		bool		more_b = next_run(b, &at_b, &run_b);

		if (more_a != more_b)
			return false;
		if (!more_a)
			return true;
		if (!runs_equal(a->text, run_a, b->text, run_b))
			return false;
	}
}

/* Notes what differs in the gaps before two letters that meet. */
static void
compare_gaps(const Reader *a, const Reader *b, LegalNameDifferences *found)
{
	const unsigned sign = 1u << LEGAL_SIGN | 1u << LEGAL_AMPERSAND;
	const unsigned space = 1u << LEGAL_SPACE;
	size_t		size = a->gap_to - a->gap_from;
	bool		signs_agree;
	bool		spaces_agree;

	if (size == b->gap_to - b->gap_from &&
		memcmp(a->text->bytes + a->gap_from, b->text->bytes + b->gap_from, size) == 0)
		return;

	signs_agree = gaps_agree(a, b, sign);
	spaces_agree = signs_agree ? gaps_agree(a, b, sign | space) : white_space_alike(a, b);
	if (!signs_agree)
		found->punctuation = true;
	if (!spaces_agree)
		found->white_space = true;
	/* marks, or the same ones in another place */
	if (!gaps_agree(a, b, 1u << LEGAL_MARK) || (signs_agree && spaces_agree))
		found->accents = true;
}

/*
 * Do two ways to write one legal form stand here? If so, notes the pair, moves
 * past both and says so. Of several, the longest count, so that "Limited
 * Partnership" is not read as "Limited"; the same on both sides are letters like
 * others.
 */
static bool
forms_meet(Reader *a, Reader *b, LegalNameDifferences *found)
{
	size_t		end_a[LEGAL_FORM_COUNT];
	size_t		end_b[LEGAL_FORM_COUNT];
	bool		stands_a[LEGAL_FORM_COUNT];
	bool		stands_b[LEGAL_FORM_COUNT];
	bool		any_a = false;
	bool		any_b = false;
	size_t		longest = 0;
	int			best_a = 0;
	int			best_b = 0;

	for (int i = 0; i < LEGAL_FORM_COUNT; i++)
		any_a |= stands_a[i] = word_stands(a, legal_forms[i].letters, &end_a[i]);
	if (!any_a)
		return false;
	for (int i = 0; i < LEGAL_FORM_COUNT; i++)
		any_b |= stands_b[i] = word_stands(b, legal_forms[i].letters, &end_b[i]);
	if (!any_b)
		return false;

	for (int i = 0; i < LEGAL_FORM_COUNT; i++)
	{
		for (int j = 0; stands_a[i] && j < LEGAL_FORM_COUNT; j++)
		{
			size_t		length;

			if (!stands_b[j] || legal_forms[i].kind != legal_forms[j].kind)
				continue;
			length = strlen(legal_forms[i].letters) + strlen(legal_forms[j].letters);
			if (length > longest)
			{
				longest = length;
				best_a = i;
				best_b = j;
			}
		}
	}
	if (best_a == best_b)
		return false;

	compare_gaps(a, b, found);
	if (best_a < best_b)
		found->forms[best_a] |= UINT64_C(1) << best_b;
	else
		found->forms[best_b] |= UINT64_C(1) << best_a;
	skip_word(a, legal_forms[best_a].abbreviation ? skip_dot(a, end_a[best_a]) : end_a[best_a]);
	skip_word(b, legal_forms[best_b].abbreviation ? skip_dot(b, end_b[best_b]) : end_b[best_b]);
	return true;
}

/*
 * Does an ampersand meet a word for it, or nothing? Then notes it and moves
 * past. The gap around an ampersand that meets nothing is one gap.
 */
static void
pass_ampersand(Reader *ampersand, Reader *other, LegalNameDifferences *found)
{
	size_t		end;

	if (other->starts_word &&
		(word_stands(other, "and", &end) || word_stands(other, "et", &end)))
	{
		compare_gaps(ampersand, other, found);
		found->punctuation = true;
		read_next(ampersand, false);
		skip_word(other, end);
	}
	else
		read_next(ampersand, true);
}

/* Notes what differs between two letters that meet; false if they are not the same. */
static bool
letters_meet(const Reader *a, const Reader *b, LegalNameDifferences *found)
{
	if (a->letter.base != b->letter.base)
		return false;
	/* the second half of a ligature has the case of the first: it tells nothing */
	if (a->letter.upper != b->letter.upper && !a->second_half && !b->second_half)
		found->letter_case = true;
	if (a->letter.accent != b->letter.accent || a->second_half != b->second_half)
		found->accents = true;
	return true;
}

/* Reads two names side by side; false if they are different names. */
static bool
names_meet(LegalText *entered, LegalText *registered, bool forms_may_meet,
		   LegalNameDifferences *found)
{
	Reader		a = {.text = entered};
	Reader		b = {.text = registered};

	memset(found, 0, sizeof(*found));
	read_next(&a, false);
	read_next(&b, false);
	while (!a.end || !b.end)
	{
		if (a.ampersand && !b.ampersand)
			pass_ampersand(&a, &b, found);
		else if (b.ampersand && !a.ampersand)
			pass_ampersand(&b, &a, found);
		else if (forms_may_meet && (a.starts_word || b.starts_word) &&
				 forms_meet(&a, &b, found))
			continue;
		else if (!a.end && !b.end && letters_meet(&a, &b, found))
		{
			compare_gaps(&a, &b, found);
			read_next(&a, false);
			read_next(&b, false);
		}
		else
			return false;
	}
	compare_gaps(&a, &b, found);
	return true;
}

/*
 * Finds everything that differs between two names. If the names are different,
 * only that is reported.
 *
 * Legal forms are looked for only if the letters differ: names of the same
 * letters have the same forms, wherever white space parts them.
 */
void
legal_name_compare(LegalText *entered, LegalText *registered,
				   LegalNameDifferences *found)
{
	memset(found, 0, sizeof(*found));
	if (entered->size == registered->size &&
		memcmp(entered->bytes, registered->bytes, entered->size) == 0)
		return;
	if (names_meet(entered, registered, false, found))
		return;
	if (!names_meet(entered, registered, true, found))
	{
		memset(found, 0, sizeof(*found));
		found->different_name = true;
	}
}
