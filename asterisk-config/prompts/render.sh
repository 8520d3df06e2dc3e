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

# say LANGUAGE VOICE NAME TEXT
say() {
  mkdir -p "$here/$1"
  chroot "$root" pico2wave --lang="$2" --wave=/tmp/raw.wav "$4"
  # Telephone band, peak at -3 dBFS, a breath of silence at both ends.
  chroot "$root" sox -R /tmp/raw.wav -r 8000 -b 16 -c 1 /tmp/out.wav \
    highpass 120 norm -3 pad 0.08 0.15 dither -s
  cp "$root/tmp/out.wav" "$here/$1/$3.wav"
}

fr() { say fr fr-FR "$1" "$2"; }
en() { say en en-GB "$1" "$2"; }

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
