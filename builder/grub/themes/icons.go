package themes

import (
	"image/color"
	"maps"
)

// icons are drawn on a field of 24 x 24, with lines of 2.
func icons() map[string]func(p path) {
	all := waysToStart()
	maps.Copy(all, machineIcons())
	maps.Copy(all, systemIcons())
	return all
}

// waysToStart are the icons of entries that start the image's own system.
func waysToStart() map[string]func(p path) {
	return map[string]func(p path){
		"installer": path.download, "install": path.download,
		"live": func(p path) {
			p.ring(12, 12, 9, 2, 0, 1)
			p.polygon(10, 8, 16.2, 12, 10, 16)
		},
		"ram": func(p path) {
			p.chip()
			p.box(10, 10, 4, 4, 0.6)
		},
		"memtest": func(p path) {
			p.chip()
			p.stroke(9.6, 12.2, 11.3, 13.9, 1.6)
			p.stroke(11.3, 13.9, 14.5, 10.4, 1.6)
		},
		"safe": func(p path) {
			p.polygon(12, 2.5, 20, 5.5, 20, 12, 18.4, 16.2, 12, 21.5, 5.6, 16.2, 4, 12, 4, 5.5)
			p.polygon(12, 4.7, 6, 6.9, 6, 11.8, 7.3, 15.1, 12, 19, 16.7, 15.1, 18, 11.8, 18, 6.9)
			p.stroke(9, 11.8, 11.2, 14, 1.8)
			p.stroke(11.2, 14, 15.2, 9.4, 1.8)
		},
		"debug": func(p path) {
			p.ring(10.5, 10.5, 6.5, 2, 0, 1)
			p.stroke(15.4, 15.4, 20.4, 20.4, 2.6)
		},
	}
}

// machineIcons are those of what the computer itself does.
func machineIcons() map[string]func(p path) {
	return map[string]func(p path){
		"disk": func(p path) {
			p.frame(3, 5, 18, 14, 2.5, 2)
			p.stroke(6, 14, 18, 14, 1.6)
			p.circle(16.6, 16.3, 1.1)
		},
		"firmware": func(p path) {
			for i, knob := range []float64{15.5, 8.5, 14} {
				y := 6 + 6*float64(i)
				p.stroke(4, y, 20, y, 2)
				p.circle(knob, y, 2.7)
			}
		},
		"reboot": func(p path) {
			p.ring(12, 12.5, 7.8, 2, -0.08, 0.72)
			p.polygon(11, 0.9, 16.6, 4.6, 11, 8.4)
		},
		"poweroff": func(p path) {
			p.ring(12, 12.8, 8, 2, -0.13, 0.63)
			p.stroke(12, 3, 12, 11.4, 2)
		},
		"submenu": func(p path) {
			for i := range 3 {
				y := 6.5 + 5.5*float64(i)
				p.circle(4.8, y, 1.5)
				p.stroke(9.5, y, 20, y, 2)
			}
		},
	}
}

// systemIcons are those of other systems, in shapes that are nobody's mark.
func systemIcons() map[string]func(p path) {
	return map[string]func(p path){
		"linux": path.prompt, "gnu-linux": path.prompt, "os": path.prompt, "serial": path.prompt,
		"nixos": path.hexagon,
		"debian": func(p path) {
			p.ring(12, 12, 8.6, 2, 0.08, 0.92)
			p.circle(12, 12, 3)
		},
	}
}

func (p path) prompt() {
	p.frame(2.5, 4, 19, 16, 2.5, 2)
	p.stroke(7, 9, 10.2, 12, 2)
	p.stroke(10.2, 12, 7, 15, 2)
	p.stroke(12.5, 15.4, 16.5, 15.4, 2)
}

func (p path) chip() {
	p.frame(6, 6, 12, 12, 2, 2)
	for _, at := range []float64{9, 12, 15} {
		p.stroke(at, 3, at, 5, 1.6)
		p.stroke(at, 19, at, 21, 1.6)
		p.stroke(3, at, 5, at, 1.6)
		p.stroke(19, at, 21, at, 1.6)
	}
}

func (p path) download() {
	p.stroke(12, 3.5, 12, 13.5, 2)
	p.stroke(7.5, 9.5, 12, 14, 2)
	p.stroke(16.5, 9.5, 12, 14, 2)
	p.stroke(4, 15.5, 4, 20, 2)
	p.stroke(4, 20, 20, 20, 2)
	p.stroke(20, 20, 20, 15.5, 2)
}

func (p path) hexagon() {
	for i := range 6 {
		a, b := arc(nil, 12, 12, 8.6, float64(i)/6, float64(i)/6), arc(nil, 12, 12, 8.6, float64(i+1)/6, float64(i+1)/6)
		p.stroke(a[0], a[1], b[0], b[1], 2)
	}
	p.circle(12, 12, 2.6)
}

// alike are further classes with the icon of another.
func alike() map[string]string {
	return map[string]string{
		"copytoram": "ram", "toram": "ram", "to-ram": "ram", "nomodeset": "safe", "recovery": "safe",
		"memtest86": "memtest", "uefi": "firmware", "efi": "firmware", "uefi-firmware": "firmware", "restart": "reboot", "shutdown": "poweroff",
		"power-off": "poweroff", "options": "submenu", "settings": "firmware", "drive": "disk", "harddisk": "disk", "hdd": "disk",
		"unknown": "os", "windows": "disk",
	}
}

// saveIcons draws all icons in a colour, or, with a chip, on a round ground.
func (t *theme) saveIcons(size int, ink, chip color.NRGBA) {
	all := icons()
	for name, draw := range all {
		c := newCanvas(size, size)
		c.scale = float64(size) / 24
		if chip.A > 0 {
			c.fill(chip, func(p path) { p.circle(12, 12, 12) })
			c.fill(ink, func(p path) { draw(p.within(0.62)) })
		} else {
			c.fill(ink, draw)
		}
		t.save("icons/"+name+".png", c.img)
	}
	for name, of := range alike() {
		t.files["icons/"+name+".png"] = t.files["icons/"+of+".png"]
	}
}
