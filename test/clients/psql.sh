# client: psql
set -u
BN=123456782 FIRST=123456782RM0001 SECOND=123456782RM0002 THIRD=123456782RM0003

# ask SQL [-v name=value ...]: what psql prints, without headings.
ask()
{
	local sql=$1

	shift
	psql -XqAt -v ON_ERROR_STOP=1 -v VERBOSITY=verbose "$@" <<<"$sql" 2>&1
}

# same NAME WORD GOT WANTED: prints the line.
same()
{
	if [ "$3" = "$4" ]; then printf '%s\t%s\n' "$1" "$2"; else printf '%s\tno\n#\t%s\n' "$1" "$3"; fi
}

found()
{
	local rows
	rows=$(ask "$3" -v a="$4")
	case $(ask "EXPLAIN $3" -v a="$4") in
		*Index*) same "$1" index "$rows" "$2" ;;
		*) same "$1" "no index" "$rows" "$2" ;;
	esac
}

same select yes "$(ask "SELECT account, bn FROM entries WHERE id = 1;")" "$FIRST|$BN"
same insert yes "$(ask "INSERT INTO entries (id, bn, account) VALUES (20001, :'b', :'a') RETURNING id;" -v b=$BN -v a=123456782RC0001)" 20001
same update yes "$(ask "UPDATE entries SET account = :'a' WHERE id = 20001 RETURNING id;" -v a=123456782RC0002)" 20001
found filter 3 "SELECT id FROM entries WHERE account = :'a';" $THIRD
found varchar 3 "SELECT id FROM entries WHERE account = CAST(:'a' AS varchar);" $THIRD
found any $'1\n2' "SELECT id FROM entries WHERE account = ANY(CAST(:'a' AS text[])) ORDER BY id;" "{$FIRST,$SECOND}"
same like yes "$(ask "SELECT count(*) FROM entries WHERE account LIKE :'a';" -v a='123456782RM00%')" 99
same null yes "$(ask "INSERT INTO entries (id, account) VALUES (20002, NULL) RETURNING account IS NULL;")" t
same array text "$(ask "UPDATE entries SET accounts = :'a' WHERE id = 1 RETURNING accounts;" -v a="{$FIRST,$SECOND}")" "{$FIRST,$SECOND}"
for form in text binary; do
	file=$(mktemp)
	same "copy $form" yes "$(ask "CREATE TEMP TABLE c (id int4, bn bn9, account program_account);
\\copy (SELECT id, bn, account FROM entries WHERE id < 3) TO '$file' (FORMAT $form)
\\copy c FROM '$file' (FORMAT $form)
SELECT string_agg(account, ',' ORDER BY id) FROM c;")" "$FIRST,$SECOND"
	rm -f "$file"
done
same json yes "$(ask "SELECT to_jsonb(e) ->> 'account' FROM entries e WHERE id = 1;
INSERT INTO entries SELECT * FROM jsonb_populate_record(NULL::entries, :'a') RETURNING account;" \
	-v a='{"id": 30001, "bn": "123456782", "account": "123456782RC0009"}')" "$FIRST
123456782RC0009"
printf 'bad number\t%s `:SQLSTATE`\n' "$(psql -XqAt <<<"INSERT INTO entries (id, bn) VALUES (20003, '123456789');
\\echo :SQLSTATE" 2>/dev/null)"
