# The variant lts in the person's own words.
{ config, lib, modulesPath, options, pkgs, ... }:
{
services.gpm.enable = true;
}
