/*-------------------------------------------------------------------------
 *
 * legal_name.c
 *	  libFuzzer target: any two texts, parted by a zero byte, as legal names.
 *
 * The oracle takes both names apart into letters and the gaps between them, and
 * looks for any way in which the letters can meet, trying all; core looks
 * for one as it reads. Names it finds alike must be so, and names of the same
 * letters must not be different; what differs between these is counted anew.
 *
 *-------------------------------------------------------------------------
 */
#include "fuzz.h"
#include "legal_name.h"

#define SIZE_MAX_READ	160

/* How many ways there are to write each kind of form, in the order of legal_name.c. */
static const int ways_of_kind[] = {4, 3, 2, 4, 5, 3, 4, 4, 5, 2, 2};

/* A letter or ampersand (base 0), and the code points of the gap before it. */
typedef struct Unit
{
	uint32_t	base;
	uint32_t	accent;
	bool		upper;
	bool		second;			/* of a ligature */
	size_t		gap_from;
	size_t		gap_to;
} Unit;

typedef struct Name
{
	size_t		count;
	Unit		unit[2 * SIZE_MAX_READ + 1];	/* and the last gap */
	size_t		ncodes;
	uint32_t	code[SIZE_MAX_READ];
} Name;

/* Decodes UTF-8 as RFC 3629 has it; false where it isn't. */
static bool
decode(const uint8_t *s, size_t size, Name *name)
{
	name->ncodes = 0;
	for (size_t at = 0; at < size;)
	{
		uint32_t	c = s[at];
		size_t		length = c < 0x80 ? 1 : c < 0xE0 ? 2 : c < 0xF0 ? 3 : 4;
		static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};

		if (length > 1)
			c &= 0x7F >> length;
		if ((s[at] >= 0x80 && s[at] < 0xC0) || s[at] > 0xF7 || at + length > size)
			return false;
		for (size_t i = 1; i < length; i++)
		{
			if (s[at + i] >> 6 != 2)
				return false;
			c = c << 6 | (s[at + i] & 0x3F);
		}
		if (c < least[length] || c > 0x10FFFF || (c >= 0xD800 && c < 0xE000))
			return false;
		name->code[name->ncodes++] = c;
		at += length;
	}
	return true;
}

static void
take_apart(Name *name)
{
	size_t		gap = 0;

	name->count = 0;
	for (size_t i = 0; i < name->ncodes; i++)
	{
		LegalCharClass class = legal_char_class(name->code[i]);
		Unit	   *unit = &name->unit[name->count];
		LegalLetter letter = {0};

		if (class != LEGAL_LETTER && class != LEGAL_AMPERSAND)
			continue;
		if (class == LEGAL_LETTER)
			letter = legal_letter(name->code[i]);
		*unit = (Unit) {letter.base, letter.accent, letter.upper, false, gap, i};
		name->count++;
		gap = i + 1;
		if (letter.second != 0)
		{
			unit[1] = (Unit) {letter.second, letter.accent, letter.upper, true, gap, gap};
			name->count++;
		}
	}
	name->unit[name->count] = (Unit) {0, 0, false, false, gap, name->ncodes};
}

/* The letters of a way to write a form, as its name spells it. */
static const Name *
form_letters(int form)
{
	static Name forms[LEGAL_FORM_COUNT];
	Name	   *letters = &forms[form];
	const char *text = legal_forms[form].name;

	if (letters->count == 0)
	{
		CHECK(decode((const uint8_t *) text, strlen(text), letters));
		take_apart(letters);
	}
	return letters;
}

static int
form_kind(int form)
{
	int			kind = 0;

	for (; form >= ways_of_kind[kind]; kind++)
		form -= ways_of_kind[kind];
	return kind;
}

static bool
stands_at(const Name *name, size_t at, const Name *letters)
{
	if (name->count - at < letters->count)
		return false;
	for (size_t i = 0; i < letters->count; i++)
	{
		if (name->unit[at + i].base != letters->unit[i].base)
			return false;
	}
	return true;
}

static size_t
word_for_ampersand(const Name *name, size_t at)
{
	static const char *const words[] = {"and", "et"};

	for (size_t w = 0; w < LENGTH_OF(words); w++)
	{
		size_t		length = strlen(words[w]);
		bool		same = name->count - at >= length;

		for (size_t i = 0; same && i < length; i++)
			same = name->unit[at + i].base == (unsigned char) words[w][i];
		if (same)
			return length;
	}
	return 0;
}

/* Is there any way for the rest of two names to meet? Tried from the end on. */
static bool
can_meet(const Name *a, const Name *b)
{
	static bool meets[2 * SIZE_MAX_READ + 2][2 * SIZE_MAX_READ + 2];

	for (size_t i = a->count + 1; i-- > 0;)
	{
		uint64_t	stand_a = 0;

		for (int f = 0; i < a->count && f < LEGAL_FORM_COUNT; f++)
			stand_a |= (uint64_t) stands_at(a, i, form_letters(f)) << f;
		for (size_t j = b->count + 1; j-- > 0;)
		{
			bool		more_a = i < a->count;
			bool		more_b = j < b->count;
			bool		amp_a = more_a && a->unit[i].base == 0;
			bool		amp_b = more_b && b->unit[j].base == 0;
			size_t		length;
			bool		meet = !more_a && !more_b;

			if (more_a && more_b && a->unit[i].base == b->unit[j].base)
				meet |= meets[i + 1][j + 1];
			if (amp_a)
				meet |= meets[i + 1][j];
			if (amp_b)
				meet |= meets[i][j + 1];
			if (amp_a && (length = word_for_ampersand(b, j)) != 0)
				meet |= meets[i + 1][j + length];
			if (amp_b && (length = word_for_ampersand(a, i)) != 0)
				meet |= meets[i + length][j + 1];
			for (int f = 0; more_b && !meet && stand_a != 0 && f < LEGAL_FORM_COUNT; f++)
			{
				if ((stand_a >> f & 1) == 0)
					continue;
				for (int g = 0; g < LEGAL_FORM_COUNT; g++)
				{
					if (form_kind(f) == form_kind(g) && stands_at(b, j, form_letters(g)))
						meet |= meets[i + form_letters(f)->count][j + form_letters(g)->count];
				}
			}
			meets[i][j] = meet;
		}
	}
	return meets[0][0];
}

/* The code points of a gap that are of some classes (bits). */
static size_t
pick(const Name *name, const Unit *unit, unsigned classes, uint32_t *picked)
{
	size_t		count = 0;

	for (size_t i = unit->gap_from; i < unit->gap_to; i++)
	{
		if (classes >> legal_char_class(name->code[i]) & 1)
			picked[count++] = name->code[i];
	}
	return count;
}

static bool
agree(const Name *a, const Unit *x, const Name *b, const Unit *y, unsigned classes)
{
	uint32_t	of_a[SIZE_MAX_READ];
	uint32_t	of_b[SIZE_MAX_READ];
	size_t		count = pick(a, x, classes, of_a);

	return count == pick(b, y, classes, of_b) && memcmp(of_a, of_b, count * sizeof(uint32_t)) == 0;
}

/* The runs of white space of a gap, parted by zeros, each but once in a row. */
static size_t
runs_of(const Name *name, const Unit *unit, uint32_t *runs)
{
	size_t		count = 0;
	size_t		last = 0;
	size_t		last_length = SIZE_MAX;
	size_t		i = unit->gap_from;

	while (i < unit->gap_to)
	{
		size_t		from = i;

		while (i < unit->gap_to && legal_char_class(name->code[i]) == LEGAL_SPACE)
			i++;
		if (i == from)
		{
			i++;
			continue;
		}
		if (i - from == last_length &&
			memcmp(&name->code[from], &name->code[last], last_length * sizeof(uint32_t)) == 0)
			continue;
		last = from;
		last_length = i - from;
		memcpy(&runs[count], &name->code[from], last_length * sizeof(uint32_t));
		count += last_length;
		runs[count++] = UINT32_MAX;
	}
	return count;
}

static bool
runs_agree(const Name *a, const Unit *x, const Name *b, const Unit *y)
{
	uint32_t	of_a[2 * SIZE_MAX_READ];
	uint32_t	of_b[2 * SIZE_MAX_READ];
	size_t		count = runs_of(a, x, of_a);

	return count == runs_of(b, y, of_b) && memcmp(of_a, of_b, count * sizeof(uint32_t)) == 0;
}

/* What differs between names of the same letters and no ampersand. */
static LegalNameDifferences
differences(const Name *a, const Name *b)
{
	const unsigned sign = 1u << LEGAL_SIGN;
	const unsigned space = 1u << LEGAL_SPACE;
	const unsigned mark = 1u << LEGAL_MARK;
	LegalNameDifferences found = {0};

	for (size_t i = 0; i <= a->count; i++)
	{
		const Unit *x = &a->unit[i];
		const Unit *y = &b->unit[i];
		bool		signs = agree(a, x, b, y, sign);
		bool		spaces = signs ? agree(a, x, b, y, sign | space) : runs_agree(a, x, b, y);

		if (x->upper != y->upper && !x->second && !y->second)
			found.letter_case = true;
		if (x->accent != y->accent || x->second != y->second || !agree(a, x, b, y, mark))
			found.accents = true;
		/* the same code points of each class, in another order */
		if (signs && spaces && !agree(a, x, b, y, sign | space | mark))
			found.accents = true;
		found.punctuation |= !signs;
		found.white_space |= !spaces;
	}
	return found;
}

static bool
same_letters(const Name *a, const Name *b)
{
	if (a->count != b->count)
		return false;
	for (size_t i = 0; i < a->count; i++)
	{
		if (a->unit[i].base != b->unit[i].base || a->unit[i].base == 0)
			return false;
	}
	return true;
}

static bool
same_findings(const LegalNameDifferences *a, const LegalNameDifferences *b)
{
	return a->letter_case == b->letter_case && a->white_space == b->white_space &&
		a->punctuation == b->punctuation && a->accents == b->accents &&
		a->different_name == b->different_name &&
		memcmp(a->forms, b->forms, sizeof(a->forms)) == 0;
}

static bool
finds_nothing(const LegalNameDifferences *found)
{
	LegalNameDifferences nothing = {0};

	return same_findings(found, &nothing);
}

static LegalNameDifferences
compare(const uint8_t *a, size_t a_size, const uint8_t *b, size_t b_size)
{
	LegalText	x = {.bytes = a, .size = a_size};
	LegalText	y = {.bytes = b, .size = b_size};
	LegalNameDifferences found;

	legal_name_compare(&x, &y, &found);
	return found;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static Name a;
	static Name b;
	LegalNameDifferences found;
	LegalNameDifferences reversed;
	LegalNameDifferences wanted;
	const uint8_t *other;
	size_t		half;
	size_t		other_size;

	if (size == 0 || size > SIZE_MAX_READ)
		return 0;
	other = memchr(data, '\0', size);
	half = other == NULL ? size : (size_t) (other - data);
	other = other == NULL ? data + size : other + 1;
	other_size = size - (size_t) (other - data);

	found = compare(data, half, other, other_size);
	reversed = compare(other, other_size, data, half);
	CHECK(same_findings(&found, &reversed));
	CHECK(finds_nothing(&found) == (half == other_size && memcmp(data, other, half) == 0));
	if (found.different_name)
	{
		wanted = (LegalNameDifferences) {.different_name = true};
		CHECK(same_findings(&found, &wanted));
	}

	/* the server lets nothing in that is wrongly encoded */
	if (!decode(data, half, &a) || !decode(other, other_size, &b))
		return 0;
	take_apart(&a);
	take_apart(&b);
	if (!found.different_name)
		CHECK(can_meet(&a, &b));
	if (same_letters(&a, &b))
	{
		wanted = differences(&a, &b);
		CHECK(same_findings(&found, &wanted));
	}
	return 0;
}
