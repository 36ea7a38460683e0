#!/bin/sh
# Finds Chromium for the browser tests, installs Debian's as root where it is missing, or says what to do.
set -eu

if command -v chromium >/dev/null 2>&1 && command -v chromedriver >/dev/null 2>&1; then
  exit 0
fi
if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null 2>&1; then
  echo "installing chromium for the browser tests" >&2
  apt-get update -qq >/dev/null
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium chromium-driver >/dev/null 2>&1
  exit 0
fi
echo "The browser tests need chromium and chromedriver on the PATH (on Debian: apt-get install chromium chromium-driver)." >&2
exit 1
