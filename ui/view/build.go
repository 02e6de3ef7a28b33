package view

import (
	"path/filepath"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"github.com/isowright/isowright/builder/design"
	"github.com/isowright/isowright/ui/model"
	"github.com/isowright/isowright/ui/widgets"
)

// build is the page that builds: before, what will be done; while it runs, how
// far it is; then what came of it.
type build struct {
	c       *context
	content *fyne.Container
	body    *fyne.Container
	// shown is what the body shows now.
	shown   string
	ready   *buildReady
	running *buildRunning
	log     *widgets.LogView
	// logged is the job whose log is shown, logLines how many lines of it.
	logged   *model.Job
	logLines int
}

func newBuild(c *context) page {
	p := &build{c: c, body: container.NewStack(), log: widgets.NewLogView()}
	p.log.Level = logColour
	p.ready = newBuildReady(c)
	p.running = newBuildRunning(c)
	p.content = container.NewStack(widgets.Page(c.say("Build"), c.say("The image of this design, made on this computer."), nil, p.body))
	return p
}

// Content is the page.
func (p *build) Content() fyne.CanvasObject { return p.content }

// Focus goes to the button that leads on.
func (p *build) Focus(field string) {
	if p.shown == "ready" && (field == "" || !p.ready.form.focus(field)) {
		p.c.focus(p.ready.start)
	}
	if p.shown == "running" {
		p.c.focus(p.running.cancel)
	}
}

// Refresh shows the state of the build.
func (p *build) Refresh(change model.Change) {
	j := p.c.Job(model.Build)
	p.follow(j)
	switch {
	case j == nil || j.Doc != p.c.Current():
		p.show("ready", nil)
	case j.State == model.Running:
		p.show("running", j)
	case j.State == model.Done:
		p.show("done", j)
	default:
		p.show("failed", j)
	}
}

// show brings the body into a state; what a finished build shows is made once.
func (p *build) show(state string, j *model.Job) {
	changed := p.shown != state
	p.shown = state
	switch state {
	case "ready":
		p.ready.refresh()
	case "running":
		p.running.refresh(j)
	}
	if !changed {
		return
	}
	switch state {
	case "ready":
		p.body.Objects = []fyne.CanvasObject{p.ready.content}
	case "running":
		p.body.Objects = []fyne.CanvasObject{p.withLog(p.running.content)}
	case "done":
		p.body.Objects = []fyne.CanvasObject{p.withLog(p.c.buildDone(j, p.again))}
	case "failed":
		p.body.Objects = []fyne.CanvasObject{p.withLog(p.c.buildFailed(j, p.again))}
	}
	p.body.Refresh()
}

// again goes back to what stands before a build.
func (p *build) again() {
	p.show("ready", nil)
	p.Focus("")
}

// withLog puts the log's drawer below the rest.
func (p *build) withLog(upper fyne.CanvasObject) fyne.CanvasObject {
	lower := widgets.InsetEach(0, widgets.MarginWide, widgets.Margin, widgets.MarginWide, p.c.logDrawer(p.log))
	return widgets.Above(widgets.PageColumn(upper), lower, 200)
}

// follow appends what is new in the job's log.
func (p *build) follow(j *model.Job) {
	if j == nil {
		return
	}
	if j != p.logged || len(j.Log) < p.logLines {
		p.logged, p.logLines = j, 0
		p.log.SetLines(nil)
	}
	if fresh := j.Log[p.logLines:]; len(fresh) > 0 {
		p.log.Append(fresh...)
	}
	p.logLines = len(j.Log)
}

// buildReady is what stands before a build.
type buildReady struct {
	c       *context
	content fyne.CanvasObject
	form    *form
	plan    *fyne.Container
	banner  *fyne.Container
	out     *widgets.Entry
	clean   *widgets.Check
	start   *widgets.Button
}

func newBuildReady(c *context) *buildReady {
	r := &buildReady{c: c, plan: container.NewStack(), banner: container.NewStack()}
	r.start = widgets.Primary(c.say("Build the image"), "build", r.build)
	r.out = widgets.NewEntry()
	c.bind(r.out)
	choose := widgets.Plain(c.say("Choose …"), "folder", func() {
		c.pickFolder(func(dir string) { r.out.SetValue(filepath.Join(dir, filepath.Base(r.target()))) })
	})
	r.clean = widgets.NewCheck(c.say("Build everything anew"), nil)
	r.form = c.newForm()
	r.form.control("", c.say("Image file"), c.say("Its checksum, list of packages, bill of materials and log are put beside it."),
		widgets.Row(widgets.Gap, widgets.Fill(r.out), choose), r.out, nil)
	r.form.control("", "", c.say("Uses nothing of earlier builds. The result is the same, byte for byte; it takes longer."), atTheEdge(r.clean), r.clean, nil)
	r.form.segments("compression.method", c.say("Compression"), c.say("How the root file system is packed: zstd unpacks fastest, xz gives the smallest image."),
		widgets.Options("zstd", "xz", "gzip", "none"), func(d *design.Design) *string { return &d.Compression.Method })
	r.form.number("compression.level", c.say("Level"), c.say("Higher is smaller and slower. Empty leaves it to the method."), "",
		func(d *design.Design) *int { return &d.Compression.Level })
	side := widgets.Card(c.say("Options"), "", r.form.content())
	what := widgets.Column(widgets.Margin, r.plan, widgets.Row(widgets.Gap, r.start))
	column := widgets.Column(widgets.Margin, r.banner, widgets.Abreast(900, widgets.Margin, what, side))
	r.content = widgets.PageBody(column)
	return r
}

// target is the image's path as it will be.
func (r *buildReady) target() string {
	if r.out.Text != "" {
		return r.out.Text
	}
	if doc := r.c.Current(); doc != nil {
		return doc.Out()
	}
	return ""
}

// build begins. Faults of the design are shown first.
func (r *buildReady) build() {
	r.c.Session.Build(model.BuildOptions{Out: r.out.Text, Clean: r.clean.Checked})
}

// refresh shows what will be built.
func (r *buildReady) refresh() {
	doc := r.c.Current()
	if doc == nil {
		return
	}
	r.form.refresh()
	r.out.SetPlaceHolder(doc.Out())
	r.banner.Objects = nil
	r.banner.Hide()
	if n := len(doc.Problems()); n > 0 {
		r.banner.Objects = []fyne.CanvasObject{widgets.Banner(widgets.Failure,
			r.c.count(n, "%d problem has to be solved before this design can be built.", "%d problems have to be solved before this design can be built."),
			r.c.say("Show them"), r.c.showProblems)}
		r.banner.Show()
		r.start.Disable()
	} else {
		r.start.Enable()
	}
	r.banner.Refresh()
	r.plan.Objects = []fyne.CanvasObject{r.c.planCard(doc)}
	r.plan.Refresh()
}

// logColour colours the lines that tell of trouble.
func logColour(line string) fyne.ThemeColorName {
	switch {
	case contains(line, " error: "):
		return widgets.ColourDanger
	case contains(line, " warning: "):
		return widgets.ColourWarning
	}
	return ""
}
