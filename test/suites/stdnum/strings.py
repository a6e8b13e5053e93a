#!/usr/bin/env python3
"""Seeded strings, many of them dirty, and what python-stdnum says of each.

Prints CSV: the string, the business number it writes, the program account it
writes; empty where it writes none. python-stdnum is asked about the string as
it stands, except where carm differs from it on purpose:

- carm takes lower case letters: python-stdnum is given upper case;
- carm takes any two letters as a program, python-stdnum four programs: it is
  given RM for any two letters;
- carm refuses the placeholder 000000000, the reference number 0000, and a
  hyphen before the first or after the last character.

python-stdnum also takes a dozen look-alikes of the hyphen, which carm refuses;
none is among the strings.
"""
import random
import re
import sys

from stdnum import luhn
from stdnum.ca import bn
from stdnum.exceptions import ValidationError

SEPARATORS = [' ', '-', '\u00a0', '\u202f', '  ', ' - ']
DIRT = list('.,/_#*xOIl0123456789AZ\t\n ') + ['\u00e9', '\u20ac', ' ', '-', '\u00a0', '\u202f']
PROGRAMS = ['RM', 'RM', 'RC', 'RT', 'RP', 'RR', 'RZ', 'BC', 'ZZ']


def expected(text):
    """The two canonical texts, or None, by python-stdnum."""
    trimmed = text.strip(' \t\n\r\f\v\u00a0\u202f')
    if trimmed.startswith('-') or trimmed.endswith('-'):
        return None, None
    plain = re.sub('[ \u00a0\u202f-]', '', trimmed)
    asked = re.sub('(?<=^.{9})[A-Za-z]{2}', 'RM', plain, flags=re.S)
    # the separators stay in what is asked wherever nothing is replaced
    try:
        found = bn.validate(trimmed.upper() if asked == plain.upper() else asked)
    except ValidationError:
        return None, None
    if found.startswith('000000000') or found[11:] == '0000':
        return None, None
    if len(found) == 9:
        return found, None
    return None, found[:9] + plain[9:11].upper() + found[11:]


def number(rng):
    kind = rng.random()
    if kind < 0.1:
        return ''.join(rng.choice('0123456789') for _ in range(9))
    first = ''.join(rng.choice('0123456789') for _ in range(8))
    if kind < 0.2:
        first = '0000' + first[4:]
    return first + luhn.calc_check_digit(first)


def string(rng):
    text = number(rng)
    if rng.random() < 0.5:
        text += rng.choice(PROGRAMS)
        text += '%04d' % rng.choice([0, 1, 1, 1, 2, 9999, rng.randrange(10000)])
    if rng.random() < 0.2:
        text = text.lower()
    for _ in range(rng.choice([0, 0, 0, 1, 2, 5])):
        place = rng.randrange(1, len(text))
        text = text[:place] + rng.choice(SEPARATORS) + text[place:]
    if rng.random() < 0.2:
        text = rng.choice([' ', '\t', '\r\n', '\u00a0', '-']) + text
    if rng.random() < 0.2:
        text = text + rng.choice([' ', '\n', '\u202f', '\u00a0 ', '-'])
    for _ in range(rng.choice([0, 0, 0, 1, 2])):
        place = rng.randrange(len(text) + 1)
        how = rng.random()
        if how < 0.4:
            text = text[:place] + rng.choice(DIRT) + text[place:]
        elif how < 0.8:
            text = text[:place] + rng.choice(DIRT) + text[place + 1:]
        else:
            text = text[:place] + text[place + 1:]
    return text


def write(text):
    number, account = expected(text)
    print('"%s",%s,%s' % (text.replace('"', '""'), number or '', account or ''))


def main():
    rng = random.Random(20241021)
    for fixed in ('', '0' * 9, '0' * 9 + 'RM0001', '123456782RM0000', '123456789'):
        write(fixed)
    for _ in range(int(sys.argv[1]) - 5):
        write(string(rng))


if __name__ == '__main__':
    sys.stdout.reconfigure(encoding='utf-8', newline='')
    main()
