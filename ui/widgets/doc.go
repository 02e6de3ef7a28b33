// Package widgets holds the look of the window and the controls that its pages
// are made of: theme, fonts, icons, cards, lists, the strip. It knows nothing of
// images, designs or languages: texts come from outside.
package widgets
