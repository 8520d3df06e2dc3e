#!/bin/bash
# Renders the prompts: prompts/{fr,en}/*.wav, 8 kHz, 16 bit, mono.
# Needs root and mmdebstrap. Nothing is installed on the machine: SVOX Pico and
# sox are unpacked into a throw-away root filesystem that is removed at the end.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
mirror=${LINEKEEPER_DEBIAN_MIRROR:-http://deb.debian.org/debian}
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT

mmdebstrap --quiet --variant=extract --mode=root \
  --aptopt='Acquire::Check-Valid-Until "false"' \
  --include=libttspico-utils,sox,libsox-fmt-base \
  bookworm "$root" "deb $mirror bookworm main non-free"
mkdir -p "$root/tmp"

# say LANGUAGE VOICE NAME TEXT [EFFECT...]: by default a breath of silence at
# both ends.
say() {
  local language=$1 voice=$2 name=$3 text=$4
  shift 4
  mkdir -p "$here/$language"
  chroot "$root" pico2wave --lang="$voice" --wave=/tmp/raw.wav "$text"
  # Telephone band, peak at -3 dBFS.
  chroot "$root" sox -R /tmp/raw.wav -r 8000 -b 16 -c 1 /tmp/out.wav \
    highpass 120 norm -3 ${@:-pad 0.08 0.15} dither -s
  cp "$root/tmp/out.wav" "$here/$language/$name.wav"
}

# A sentence stands alone. A part is played with others before or after it: cut
# to the voice, so that they follow one another as in one breath. A part's text
# ends in a comma when others follow, for the voice to stay up.
fr() { say fr fr-FR "$1" "$2"; }
en() { say en en-GB "$1" "$2"; }
cut="silence 1 0.01 0.3% reverse silence 1 0.01 0.3% reverse pad 0.03 0.06"
fr_part() { say fr fr-FR "$1" "$2" $cut; }
en_part() { say en en-GB "$1" "$2" $cut; }

fr welcome      "Bienvenue au support informatique."
fr menu-support "Pour une panne ou un incident, tapez 1. Pour une demande ou une question, tapez 2. Pour réentendre ce menu, tapez étoile."
fr invalid      "Ce choix n'existe pas."
fr no-input     "Nous n'avons pas entendu votre choix."
fr goodbye      "Merci de votre appel. Au revoir."
fr please-wait  "Merci de patienter, un technicien va vous répondre."
fr ask-ticket   "Tapez votre numéro de dossier, puis dièse."
fr apology      "Notre service est momentanément indisponible. Merci de rappeler plus tard."

en welcome      "Welcome to the I T helpdesk."
en menu-support "For a fault or an incident, press 1. For a request or a question, press 2. To hear this menu again, press star."
en invalid      "That choice does not exist."
en no-input     "We did not hear your choice."
en goodbye      "Thank you for your call. Goodbye."
en please-wait  "Please hold, a technician will answer you."
en ask-ticket   "Enter your ticket number, then press hash."
en apology      "Our service is unavailable for the moment. Please call again later."

# In line: place and wait, told in parts with n-<number> in between.
fr_part queue-place-before       "Vous êtes en position,"
fr      queue-place-next         "Votre appel est le prochain."
fr_part queue-wait-between       "Votre attente est estimée entre,"
fr_part queue-wait-and           "et,"
fr_part queue-wait-minute        "minute."
fr_part queue-wait-minutes       "minutes."
fr      queue-wait-less-than-one "Votre attente est estimée à moins d'une minute."
fr_part queue-wait-more-than     "Votre attente est estimée à plus de,"
fr      queue-thanks             "Merci de votre patience."
fr      queue-closed             "Ce service est fermé pour le moment."
fr      queue-full               "Tous nos techniciens sont occupés et trop d'appels attendent déjà."

en_part queue-place-before       "You are at position,"
en      queue-place-next         "Your call is next."
en_part queue-wait-between       "Your wait is estimated at between,"
en_part queue-wait-and           "and,"
en_part queue-wait-minute        "minute."
en_part queue-wait-minutes       "minutes."
en      queue-wait-less-than-one "Your wait is estimated at less than one minute."
en_part queue-wait-more-than     "Your wait is estimated at more than,"
en      queue-thanks             "Thank you for your patience."
en      queue-closed             "This service is closed for the moment."
en      queue-full               "All our technicians are busy, and too many calls are waiting already."

# Called back. The key of the offer is a part, d-<key>.
fr_part queue-callback-offer      "Pour être rappelé sans perdre votre place, appuyez sur,"
fr_part callback-confirm-number   "Nous vous rappellerons au,"
fr      callback-confirm-keys     "Pour confirmer, tapez 1. Pour un autre numéro, tapez 2."
fr      callback-ask-number       "Tapez le numéro où vous rappeler, puis dièse."
fr      callback-window-now       "Pour être rappelé quand votre tour viendra, tapez 1."
fr      callback-window-choose    "Pour choisir une heure, tapez 2."
fr_part callback-window-between   "Pour être rappelé entre,"
fr_part callback-window-hour-and  "heures, et,"
fr_part callback-window-hour-key  "heures, tapez,"
fr      callback-done             "C'est noté : vous gardez votre place et nous vous rappellerons. Au revoir."
fr      callback-connecting       "Vous avez demandé à être rappelé. Nous vous mettons en relation."
fr      callback-kept             "Vous aviez demandé à être rappelé : vous gardez votre place. Si vous n'avez plus besoin de nous, tapez 9."
fr      callback-cancelled        "C'est noté : nous ne vous rappellerons pas. Au revoir."

en_part queue-callback-offer      "To be called back without losing your place, press,"
en_part callback-confirm-number   "We will call you back on,"
en      callback-confirm-keys     "To confirm, press 1. For another number, press 2."
en      callback-ask-number       "Enter the number to call you back on, then press hash."
en      callback-window-now       "To be called back when your turn comes, press 1."
en      callback-window-choose    "To choose a time, press 2."
en_part callback-window-between   "To be called back between,"
en_part callback-window-hour-and  "hours, and,"
en_part callback-window-hour-key  "hours, press,"
en      callback-done             "That is noted. You keep your place and we will call you back. Goodbye."
en      callback-connecting       "You asked to be called back. We are connecting you."
en      callback-kept             "You had asked to be called back, and you keep your place. If you no longer need us, press 9."
en      callback-cancelled        "That is noted. We will not call you back. Goodbye."

# Before a talk that may be recorded.
fr recording-notice "Cet appel peut être enregistré. Si vous ne le souhaitez pas, dites-le au technicien."
en recording-notice "This call may be recorded. If you do not want that, please tell the technician."

fr voicemail-intro  "Laissez votre message après le bip, puis tapez dièse."
fr voicemail-thanks "Merci, votre message est enregistré. Au revoir."
en voicemail-intro  "Please leave your message after the beep, then press hash."
en voicemail-thanks "Thank you, your message is recorded. Goodbye."

# Numbers to count with (places, minutes, hours), and digits as keys and in
# telephone numbers. French minutes and hours are feminine: n-1f, n-21f….
for n in $(seq 0 60); do
  fr_part "n-$n" "$n"
  en_part "n-$n" "$n"
done
fr_part n-1f  "une";              en_part n-1f  "1"
fr_part n-21f "vingt et une";     en_part n-21f "21"
fr_part n-31f "trente et une";    en_part n-31f "31"
fr_part n-41f "quarante et une";  en_part n-41f "41"
fr_part n-51f "cinquante et une"; en_part n-51f "51"
for d in $(seq 0 9); do
  fr_part "d-$d" "$d"
  en_part "d-$d" "$d"
done
