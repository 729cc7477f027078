#!/bin/sh
# Remakes ipadic.tar.xz from Debian's package mecab-ipadic (see NOTICE).
# Usage: sh make-ipadic.sh mecab-ipadic_2.7.0-20070801+main-3_all.deb
# Get the package with `apt-get download mecab-ipadic`; needs dpkg-deb, iconv, GNU tar, xz.
set -eu
package=$(realpath "$1")
here=$(cd "$(dirname "$0")" && pwd)
echo "2a59bb65193b605cec3e5540e69e7d3ce8db4624744f8686f419aa0cf3f327f2  $package" | sha256sum -c -
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
dpkg-deb -x "$package" "$work/deb"
mkdir "$work/utf8"
cd "$work/deb/usr/share/mecab/dic/ipadic"
for file in *.csv char.def feature.def left-id.def matrix.def pos-id.def rewrite.def right-id.def unk.def; do
    iconv -f EUC-JP -t UTF-8 "$file" > "$work/utf8/$file"
done
cd "$work/utf8"
tar --sort=name --owner=0 --group=0 --numeric-owner --mtime='2007-08-01 00:00Z' -cf - *.csv *.def |
    xz -9e -T1 > "$here/ipadic.tar.xz"
cd "$here"
sha256sum ipadic.tar.xz > ipadic.tar.xz.sha256
