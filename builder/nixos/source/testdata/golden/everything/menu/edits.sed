s/^TIMEOUT 0$/TIMEOUT 1/
s/^\([[:space:]]*set gfxmode=\).*/\11024x768,auto/
