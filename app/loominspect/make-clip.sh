#!/bin/sh
# Creates clip.mp4, two seconds of a plain colour with a quiet tone. Requires ffmpeg with libx264.
set -eu
cd "$(dirname "$0")"
ffmpeg -hide_banner -loglevel error -y \
	-f lavfi -i color=c=0x2e75b6:s=320x180:r=10:d=2 -f lavfi -i "aevalsrc='0.05*sin(2*PI*220*t)':s=16000:d=2" -t 2 \
	-c:v libx264 -profile:v baseline -level 1.3 -pix_fmt yuv420p -preset veryslow -crf 40 -g 100 -c:a aac -ac 1 -b:a 16k \
	-map_metadata -1 -fflags +bitexact -flags:v +bitexact -flags:a +bitexact -movflags +faststart clip.mp4
