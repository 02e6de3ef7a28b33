// Package vesamenu draws the boot menu of isolinux's vesamenu.c32, which BIOS
// machines show for NixOS images, without a pixel of difference.
//
// The language is that of Syslinux's documentation ("menu.txt", 6.04). How the
// pixels come about was found by comparing pictures of real screens:
//
//   - The screen is a grid of cells of 8x16 pixels, 8 pixels from the left and
//     upper edge, as many as fit into the screen less 8 pixels all around.
//   - Colours are blended over the background in linear light: sRGB becomes 16
//     bits, the blend of 24 bits loses 12, and what is left is an index of
//     4080 steps back to sRGB.
//   - A pixel is raised or not, as the shadow of its element says. One that is
//     lies over the background's pixel one to the right and one below. One that
//     is not, to the right of and below one that is, has a quarter of its value.
//   - Without a background there is a grey one that grows lighter with the
//     square of the distance from the centre.
package vesamenu
