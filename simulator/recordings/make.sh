#!/bin/sh
# Creates the recordings in this directory. Requires ffmpeg with libx264 and drawtext.
set -eu
cd "$(dirname "$0")"
font=${FONT:-/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf}
exact="-map_metadata -1 -fflags +bitexact -flags:v +bitexact -flags:a +bitexact -movflags +faststart"
ff() { ffmpeg -hide_banner -loglevel error -y "$@"; }
tone() { echo "aevalsrc='0.08*sin(2*PI*$1*t)*(0.5+0.5*sin(PI*t/2))':s=16000:d=$2"; }
text() { echo "drawtext=fontfile=$font:text='$1':fontcolor=white:fontsize=$2:x=18:y=$3"; }

# clip NAME SECONDS COLOUR COLOUR HERTZ TITLE SLIDE...
clip() {
	name=$1 secs=$2 c0=$3 c1=$4 hz=$5 title=$6
	shift 6
	each=$((secs / $#)) from=0
	vf="$(text "$title" 20 16),drawbox=x=18:y=46:w=284:h=2:color=white@0.6:t=fill,$(text '%{pts\:hms}' 12 152)"
	for slide in "$@"; do
		vf="$vf,$(text "$slide" 15 78):enable='gte(t,$from)*lt(t,$((from + each)))'"
		from=$((from + each))
	done
	# shellcheck disable=SC2086
	ff -f lavfi -i "gradients=s=320x180:r=10:d=$secs:c0=$c0:c1=$c1:nb_colors=2:seed=1:speed=0.00001" \
		-f lavfi -i "$(tone "$hz" "$secs")" -vf "$vf" -t "$secs" \
		-c:v libx264 -profile:v baseline -level 1.3 -pix_fmt yuv420p -preset veryslow -crf 32 -g 100 \
		-c:a aac -ac 1 -b:a 24k $exact "$name.mp4"
}

clip standup 12 0x1f4e79 0x2e75b6 220 'Daily stand-up' 'Yesterday' 'Today' 'Blockers'
clip review 24 0x3b3054 0x6b4f9e 262 'Product review' 'What we shipped' 'What we learned' 'What comes next' 'Questions'
clip customer 40 0x14532d 0x2f855a 196 'Customer call' 'Welcome' 'Their goals' 'Demonstration' 'Next steps'
# shellcheck disable=SC2086
ff -f lavfi -i "$(tone 247 40)" -c:a aac -ac 1 -b:a 16k $exact -brand 'M4A ' voice.mp4
