#!/bin/sh
# Reports a shelter's beds to Onderdak; see usage below. Needs a POSIX shell with its usual commands, and curl; nothing
# else of this repository, so that a shelter can take this one file.
set -eu

usage() {
    case $language in
        nl) cat <<'TEXT' ;;
Gebruik: update-capacity.sh [OPTIE...] AFDELING AANTAL
         update-capacity.sh [OPTIE...] BESTAND.csv

Meldt hoeveel bedden er zijn: van één afdeling, of van alle in een bestand (alle of geen). Zegt niets als het goed ging.
Lukt het niet, dan probeert het opnieuw, met steeds langere pauzes; de melding telt hoe dan ook één keer.

  --server ADRES        https://… ; anders ONDERDAK_SERVER
  --token-file BESTAND  bestand met het token, dat alleen u mag lezen; anders ONDERDAK_TOKEN_FILE
  --kind SOORT          wat AANTAL telt: free (vrije bedden; standaard), out-of-service (onbruikbare), beds (alle)
  --reason TEKST        waarom; geen namen (standaard: "reported by script")
  --observed TIJDSTIP   wanneer geteld is, 2026-01-05T08:00:00+01:00; anders nu, of wanneer het bestand is opgeslagen
  --patience SECONDEN   hoe lang het blijft proberen (standaard 600)
  --pause SECONDEN      de eerste pauze (standaard 5); elke volgende is dubbel zo lang, tot een minuut
  --verbose             zegt ook wat de server antwoordde als het goed ging
  --help                dit

BESTAND.csv heeft als eerste regel "unit,free", en daaronder per afdeling een regel: s12-v1,2. Of als eerste regel
"unit,kind,number,from,until,reason,observed_at,key". Een bestand dat niet opnieuw is opgeslagen, meldt niets nieuws.

Eén regel in crontab -e, elke ochtend om zeven uur:
  0 7 * * *  ~/update-capacity.sh --server https://onderdak.example --token-file ~/.onderdak-token ~/bedden.csv

Uitkomst: 0 vastgelegd; 1 niet bezorgd (onbereikbaar of te druk); 2 het token wordt niet aanvaard of mag dit niet;
64 verkeerd gebruik; 65 de melding is geweigerd en er is niets vastgelegd.
TEXT
        *) cat <<'TEXT' ;;
Usage: update-capacity.sh [OPTION...] UNIT NUMBER
       update-capacity.sh [OPTION...] FILE.csv

Reports how many beds there are: of one unit, or of all in a file (all or none). Says nothing when all is well.
Where it does not get through it tries again, after longer and longer pauses; the report counts once in any case.

  --server ADDRESS      https://… ; else ONDERDAK_SERVER
  --token-file FILE     a file with the token that only you may read; else ONDERDAK_TOKEN_FILE
  --kind KIND           what NUMBER counts: free (free beds; the default), out-of-service (unusable ones), beds (all)
  --reason TEXT         why; no names (default: "reported by script")
  --observed INSTANT    when it was counted, 2026-01-05T08:00:00+01:00; else now, or when the file was saved
  --patience SECONDS    how long it goes on trying (default 600)
  --pause SECONDS       the first pause (default 5); each one after it is twice as long, up to a minute
  --verbose             also says what the server answered when all is well
  --help                this

FILE.csv has "unit,free" as its first line, and below it a line for each unit: s12-v1,2. Or its first line is
"unit,kind,number,from,until,reason,observed_at,key". A file that was not saved again reports nothing new.

One line in crontab -e, every morning at seven:
  0 7 * * *  ~/update-capacity.sh --server https://onderdak.example --token-file ~/.onderdak-token ~/beds.csv

Exit status: 0 taken in; 1 not delivered (unreachable or too busy); 2 the token is not accepted or may not do this;
64 wrong usage; 65 the report was refused and nothing was taken in.
TEXT
    esac
}

# Says a sentence on standard error, in English or Dutch.
say() {
    case $language in
        nl) printf 'update-capacity: %s\n' "$2" >&2 ;;
        *) printf 'update-capacity: %s\n' "$1" >&2 ;;
    esac
}

# Ends with a status and a sentence.
fail() {
    status=$1
    shift
    say "$@"
    exit "$status"
}

wrong_usage() { fail 64 "$1; see --help" "$2; zie --help"; }

read_arguments() {
    server=${ONDERDAK_SERVER:-} token_file=${ONDERDAK_TOKEN_FILE:-} kind=free reason='reported by script' observed=''
    patience=600 pause=5 verbose=''
    while [ $# -gt 0 ]; do
        case $1 in
            --help)
                usage
                exit 0
                ;;
            --verbose) verbose=yes ;;
            --server | --token-file | --kind | --reason | --observed | --patience | --pause)
                [ $# -ge 2 ] || wrong_usage "$1 needs a value" "$1 heeft een waarde nodig"
                case $1 in
                    --server) server=$2 ;;
                    --token-file) token_file=$2 ;;
                    --kind) kind=$2 ;;
                    --reason) reason=$2 ;;
                    --observed) observed=$2 ;;
                    --patience) patience=$2 ;;
                    --pause) pause=$2 ;;
                esac
                shift
                ;;
            --) shift && break ;;
            -*) wrong_usage "there is no option $1" "er is geen optie $1" ;;
            *) break ;;
        esac
        shift
    done
    unit='' number='' file=''
    case $# in
        1) file=$1 ;;
        2) unit=$1 number=$2 ;;
        *) wrong_usage 'say UNIT NUMBER, or FILE.csv' 'geef AFDELING AANTAL, of BESTAND.csv' ;;
    esac
    case $patience$pause in
        *[!0-9]*) wrong_usage 'seconds are whole numbers' 'seconden zijn hele getallen' ;;
    esac
    if [ -z "$patience" ] || [ "${pause:-0}" -eq 0 ]; then
        wrong_usage 'a pause is 1 second or more' 'een pauze is 1 seconde of meer'
    fi
}

check_server() {
    server=${server%/}
    case $server in
        '') wrong_usage 'say --server' 'geef --server' ;;
        *[[:space:]\"\\]*) wrong_usage "$server is no address" "$server is geen adres" ;;
        https://?*) ;;
        # What is sent in clear text, anybody on the way can read: the token.
        http://localhost | http://localhost[:/]* | http://127.0.0.1 | http://127.0.0.1[:/]* | 'http://[::1]'*) ;;
        *) wrong_usage "the address of the server begins with https://, not: $server" \
            "het adres van de server begint met https://, niet: $server" ;;
    esac
    command -v curl >/dev/null || fail 1 'curl is not installed' 'curl is niet geïnstalleerd'
}

check_file() {
    if ! [ -f "$1" ] || ! [ -r "$1" ]; then
        fail 64 "the file $1 is not there, or cannot be read" "het bestand $1 is er niet, of kan niet worden gelezen"
    fi
}

read_token() {
    [ -n "$token_file" ] || wrong_usage 'say --token-file' 'geef --token-file'
    check_file "$token_file"
    case $(ls -ldL -- "$token_file") in
        ????------*) ;;
        *) fail 64 "others may read the token file: type chmod 600 '$token_file'; if somebody may have, ask for a new token" \
            "anderen mogen het tokenbestand lezen: typ chmod 600 '$token_file'; is dat misschien gebeurd, vraag dan een nieuw token" ;;
    esac
    token=$(head -n 1 -- "$token_file" | tr -d '[:space:]')
    case $token in
        '' | *[!A-Za-z0-9._~+/=-]*) fail 64 "the first line of $token_file is no token" \
            "de eerste regel van $token_file is geen token" ;;
    esac
}

columns=unit,kind,number,from,until,reason,observed_at,key

# Writes what is to be sent, and decides its key. The key says what was counted and when, so whoever sends the same
# again, after a cut, a restart or a reboot, sends the same key; nothing has to be remembered.
write_report() {
    report=$scratch/report
    if [ -n "$file" ]; then
        check_file "$file"
        # A report is as old as the count, not as young as the cron job.
        [ -n "$observed" ] || observed=$(date -u -r "$file" +%Y-%m-%dT%H:%M:%SZ) ||
            wrong_usage 'say --observed: this system does not tell when the file was saved' \
                'geef --observed: dit systeem vertelt niet wanneer het bestand is opgeslagen'
        # As spreadsheets save it: a mark in front, carriage returns.
        sed -e "1s/^$(printf '\357\273\277')//" -e "s/$(printf '\r')\$//" "$file" >"$scratch/file"
        case $(head -n 1 "$scratch/file") in
            unit,free | 'unit;free') write_short_form ;;
            "$columns") mv "$scratch/file" "$report" ;;
            *) fail 65 "$file, line 1: this is neither unit,free nor $columns; nothing was sent" \
                "$file, regel 1: dit is geen unit,free en geen $columns; er is niets verstuurd" ;;
        esac
    else
        [ -n "$observed" ] || observed=$(date -u +%Y-%m-%dT%H:%M:%SZ)
        {
            echo "$columns"
            printf '%s,%s,%s,,,%s,%s,\n' "$(quoted "$unit")" "$(quoted "$kind")" "$(quoted "$number")" \
                "$(quoted "$reason")" "$(quoted "$observed")"
        } >"$report"
    fi
    case $observed in
        '' | *[!0-9A-Za-z:.+-]*) wrong_usage "$observed is no instant" "$observed is geen tijdstip" ;;
    esac
    sum=$(cksum <"$report")
    key=update-capacity/$observed/${sum%% *}
}

# A field of CSV.
quoted() { printf '"%s"' "$(printf %s "$1" | tr -d '\r\n' | sed 's/"/""/g')"; }

write_short_form() {
    reason=$(quoted "$reason") observed=$observed columns=$columns awk -F '[,;]' '
        NR == 1 { print ENVIRON["columns"]; next }
        /^[ ,;]*$/ { next }
        { gsub(/[ "]/, "") }
        NF != 2 || $1 == "" || $2 !~ /^[0-9]+$/ { print NR; exit 1 }
        { print $1 ",free," $2 ",,," ENVIRON["reason"] "," ENVIRON["observed"] "," }
    ' "$scratch/file" >"$report" || {
        line=$(tail -n 1 "$report")
        fail 65 "$file, line $line: this is no unit and number (s12-v1,2); nothing was sent" \
            "$file, regel $line: dit is geen afdeling en aantal (s12-v1,2); er is niets verstuurd"
    }
}

# Sends the report once: sets `status` to HTTP's, or to 000 with `ended` curl's, when there was no answer.
send() {
    ended=0
    : >"$scratch/head"
    : >"$scratch/answer"
    # The token comes by standard input: the command line can be seen by others on this machine.
    status=$(printf 'header = "Authorization: Bearer %s"\n' "$token" |
        curl --disable --config - --silent --show-error --connect-timeout 15 --max-time 60 \
            --header "Idempotency-Key: $key" --header 'Content-Type: text/csv' --header 'Accept: application/json' \
            --header "Accept-Language: $language" --data-binary "@$report" --dump-header "$scratch/head" \
            --output "$scratch/answer" --write-out '%{http_code}' "$server/v1/capacity-reports" 2>"$scratch/curl") ||
        ended=$?
    # Cut off in the middle of the answer: it is not known what it would have been.
    [ "$ended" -eq 0 ] || status=000
}

# How many seconds the server asks to wait; nothing where it does not say, or says it as a date.
retry_after() {
    sed -n 's/^[Rr][Ee][Tt][Rr][Yy]-[Aa][Ff][Tt][Ee][Rr]:[[:space:]]*\([0-9]\{1,6\}\)[[:space:]]*$/\1/p' "$scratch/head" |
        tail -n 1
}

# What the answer says is wrong, one thing a line: a line for each report that is, with its number in what was sent.
explain() {
    awk '
        function text(token) {
            token = substr(token, 2, length(token) - 2)
            gsub(/\\\//, "/", token); gsub(/\\"/, "\"", token); gsub(/\\n/, " ", token)
            return token
        }
        function line(pointer) {
            if (pointer !~ /^\/reports\/[0-9]+/) return ""
            split(pointer, part, "/")
            where = file == "" ? part[4] : word " " part[3] + 2 (part[4] == "" ? "" : ", " part[4])
            return where == "" ? "" : where ": "
        }
        { all = all $0 }
        END {
            word = language == "nl" ? "regel" : "line"
            while (match(all, /"([^"\\]|\\.)*"[ ]*:?|[{}]/)) {
                token = substr(all, RSTART, RLENGTH)
                all = substr(all, RSTART + RLENGTH)
                if (token == "{") { depth++; found[depth, "pointer"] = found[depth, "detail"] = "" }
                else if (token == "}") {
                    if (depth == 2) several = several "  " line(found[2, "pointer"]) found[2, "detail"] "\n"
                    depth--
                }
                else if (sub(/[ ]*:$/, "", token)) name = text(token)
                else found[depth, name] = text(token)
            }
            printf "%s", several == "" ? "  " line(found[1, "pointer"]) found[1, "detail"] "\n" : several
            if (found[1, "do"] != "") printf "  %s\n", found[1, "do"]
            if (found[1, "requestId"] != "") printf "  requestId %s\n", found[1, "requestId"]
        }' language="$language" file="$file" "$scratch/answer" >&2
}

check_answer() { grep -q "$1" "$scratch/answer" || wrong_address; }

wrong_address() {
    fail 1 "what answers at $server is not Onderdak (it answered $status): check the address" \
        "wat op $server antwoordt is geen Onderdak (antwoord $status): controleer het adres"
}

# Ends where trying again would not help; comes back where it might.
judge() {
    case $status in
        200)
            check_answer '^{"results":'
            [ -z "$verbose" ] || { cat "$scratch/answer" && echo; }
            exit 0
            ;;
        401)
            check_answer '"requestId":'
            say 'the token is not accepted: it may have ended or been taken back; ask for a new one' \
                'het token wordt niet aanvaard: het is misschien verlopen of ingetrokken; vraag een nieuw'
            explain
            exit 2
            ;;
        403)
            check_answer '"requestId":'
            say 'this token may not report this' 'dit token mag dit niet melden'
            explain
            exit 2
            ;;
        408 | 429 | 5??) ;;
        4??)
            check_answer '"requestId":'
            say 'the report was refused; nothing was taken in' 'de melding is geweigerd; er is niets vastgelegd'
            explain
            exit 65
            ;;
        000)
            case $ended in
                51 | 58 | 59 | 60 | 66 | 77 | 80 | 82 | 83 | 90 | 91)
                    say "the server at $server cannot be trusted, so nothing was sent" \
                        "de server op $server is niet te vertrouwen, dus er is niets verstuurd"
                    sed 's/^/  /' "$scratch/curl" >&2
                    exit 1
                    ;;
                1 | 2 | 3 | 4 | 26 | 27)
                    say 'curl could not do this' 'curl kon dit niet'
                    sed 's/^/  /' "$scratch/curl" >&2
                    exit 1
                    ;;
            esac
            ;;
        *) wrong_address ;;
    esac
}

give_up() {
    if [ "$status" = 000 ]; then
        say "$server was not reached within $patience seconds; whether the report arrived is not known" \
            "$server is niet bereikt binnen $patience seconden; of de melding is aangekomen, is niet bekend"
        sed 's/^/  /' "$scratch/curl" >&2
    else
        say "$server could not take the report in within $patience seconds (it answered $status)" \
            "$server kon de melding niet binnen $patience seconden vastleggen (antwoord $status)"
        explain
    fi
    exit 1
}

language=${LC_ALL:-${LC_MESSAGES:-${LANG:-}}}
case $language in
    nl*) language='nl' ;;
    *) language='en' ;;
esac
# Bytes, and messages of other programs as they are expected.
LC_ALL=C
export LC_ALL

read_arguments "$@"
check_server
read_token
scratch=$(umask 077 && mktemp -d)
trap 'rm -rf -- "$scratch"' EXIT
trap 'exit 1' HUP INT TERM
write_report

end=$(($(date +%s) + patience))
while :; do
    send
    judge
    wait=$(retry_after)
    # Half of it by chance, or all that were cut off would be back at the same moment.
    [ -n "$wait" ] || wait=$((pause / 2 + ($$ % (pause / 2 + 1)) + 1))
    [ $(($(date +%s) + wait)) -le "$end" ] || give_up
    sleep "$wait"
    pause=$((pause * 2))
    [ "$pause" -le 60 ] || pause=60
done
