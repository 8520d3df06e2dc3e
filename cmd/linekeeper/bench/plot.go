package bench

import (
	"fmt"
	"math"
	"strings"
)

// The plot: a row of panels, each with its own scale, in SVG without script or
// font of its own, so that any browser and any forge shows it.
const (
	panelWide, panelHigh = 380, 250
	marginLeft           = 62
	marginTop            = 58
	marginBottom         = 52
	panelGap             = 78
)

// colours are told apart by those who see no red, too (Okabe and Ito, 2008).
var colours = map[string]string{AppQueue: "#E69F00", Linekeeper: "#0072B2"}

// panel is one drawing: curves over two scales.
type panel struct {
	title, across, up string
	x, y              scale
	curves            []curveLine
}

type curveLine struct {
	system string
	dashed bool
	points [][2]float64
}

// scale turns values into places between 0 and 1.
type scale struct {
	least, most float64
	log         bool
	ticks       []float64
}

func (s scale) at(v float64) float64 {
	if s.log {
		return (math.Log10(v) - math.Log10(s.least)) / (math.Log10(s.most) - math.Log10(s.least))
	}
	return (v - s.least) / (s.most - s.least)
}

// Plot draws the result: the distributions of (a) and (b), and the CPU time of a
// call over the rates of (c).
func (r *Result) Plot() []byte {
	panels := []panel{
		distribution("(a) INVITE in to the phone's INVITE", r.Arrivals),
		distribution("(b) BYE to the agent's next INVITE", []Pair{r.Free}),
		r.cpuPanel(),
	}
	wide := marginLeft + len(panels)*(panelWide+panelGap)
	high := marginTop + panelHigh + marginBottom
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="sans-serif" font-size="12">`+"\n", wide, high)
	fmt.Fprintf(&b, `<rect width="%d" height="%d" fill="#ffffff"/>`+"\n", wide, high)
	legend(&b)
	for i, p := range panels {
		fmt.Fprintf(&b, `<g transform="translate(%d,%d)">`+"\n", marginLeft+i*(panelWide+panelGap), marginTop)
		p.draw(&b)
		b.WriteString("</g>\n")
	}
	b.WriteString("</svg>\n")
	return []byte(b.String())
}

func legend(b *strings.Builder) {
	for i, system := range []string{AppQueue, Linekeeper} {
		x := marginLeft + i*120
		fmt.Fprintf(b, `<line x1="%d" y1="16" x2="%d" y2="16" stroke="%s" stroke-width="3"/>`, x, x+24, colours[system])
		fmt.Fprintf(b, `<text x="%d" y="20">%s</text>`+"\n", x+30, system)
	}
}

// distribution is the share of calls that took at most so long.
func distribution(title string, pairs []Pair) panel {
	p := panel{
		title: title, across: "ms, logarithmic", up: "% of calls",
		x: scale{least: 1, most: 10, log: true}, y: scale{least: 0, most: 100, ticks: []float64{0, 25, 50, 75, 100}},
	}
	for i, pair := range pairs {
		for system, quantiles := range map[string][]float64{AppQueue: pair.AppQueueCurve, Linekeeper: pair.LinekeeperCurve} {
			line := curveLine{system: system, dashed: i > 0}
			for n, v := range quantiles {
				line.points = append(line.points, [2]float64{max(v, p.x.least), float64(n + 1)})
			}
			p.curves = append(p.curves, line)
			if len(quantiles) > 0 {
				p.x.most = max(p.x.most, quantiles[len(quantiles)-1])
			}
		}
		if i > 0 {
			p.title = fmt.Sprintf("%s, %d calls/s; dashed %d", title, pairs[0].Rate, pair.Rate)
		}
	}
	p.x.most = math.Pow(10, math.Ceil(math.Log10(p.x.most)))
	for v := p.x.least; v <= p.x.most; v *= 10 {
		p.x.ticks = append(p.x.ticks, v)
	}
	return p
}

// cpuPanel is the CPU time of a call at each rate that was held.
func (r *Result) cpuPanel() panel {
	p := panel{
		title: "(c) CPU of a call while none is lost; dashed: Asterisk alone", across: "calls/s", up: "ms",
		x: scale{most: 10}, y: scale{most: 5},
	}
	for _, system := range []string{AppQueue, Linekeeper} {
		all, asterisk := curveLine{system: system}, curveLine{system: system, dashed: true}
		for _, s := range r.Ramp {
			if s.System != system || !s.Held {
				continue
			}
			rate := float64(s.Rate)
			all.points = append(all.points, [2]float64{rate, 1000 * s.cpu()})
			asterisk.points = append(asterisk.points, [2]float64{rate, 1000 * s.CPU["asterisk"]})
			p.x.most, p.y.most = max(p.x.most, rate), max(p.y.most, 1000*s.cpu())
		}
		p.curves = append(p.curves, all, asterisk)
	}
	p.x.most, p.x.ticks = roundTicks(p.x.most)
	p.y.most, p.y.ticks = roundTicks(p.y.most)
	return p
}

// roundTicks divides 0 to most into at most eight round steps.
func roundTicks(most float64) (end float64, ticks []float64) {
	step := math.Pow(10, math.Floor(math.Log10(most)))
	for _, part := range []float64{0.1, 0.2, 0.5, 1} {
		if most/(step*part) <= 8 {
			step *= part
			break
		}
	}
	for v := 0.0; ; v += step {
		ticks = append(ticks, v)
		if v >= most {
			return v, ticks
		}
	}
}

func (p panel) draw(b *strings.Builder) {
	fmt.Fprintf(b, `<text x="0" y="-14" font-weight="bold">%s</text>`+"\n", p.title)
	for _, v := range p.x.ticks {
		x := p.x.at(v) * panelWide
		fmt.Fprintf(b, `<line x1="%.1f" y1="0" x2="%.1f" y2="%d" stroke="#dddddd"/>`, x, x, panelHigh)
		fmt.Fprintf(b, `<text x="%.1f" y="%d" text-anchor="middle">%g</text>`+"\n", x, panelHigh+17, round(v))
	}
	for _, v := range p.y.ticks {
		y := panelHigh * (1 - p.y.at(v))
		fmt.Fprintf(b, `<line x1="0" y1="%.1f" x2="%d" y2="%.1f" stroke="#dddddd"/>`, y, panelWide, y)
		fmt.Fprintf(b, `<text x="-8" y="%.1f" text-anchor="end">%g</text>`+"\n", y+4, round(v))
	}
	fmt.Fprintf(b, `<text x="%d" y="%d" text-anchor="middle">%s</text>`, panelWide/2, panelHigh+38, p.across)
	fmt.Fprintf(b, `<text transform="translate(-42,%d) rotate(-90)" text-anchor="middle">%s</text>`+"\n", panelHigh/2, p.up)
	for _, c := range p.curves {
		p.drawCurve(b, c)
	}
}

func (p panel) drawCurve(b *strings.Builder, c curveLine) {
	if len(c.points) == 0 {
		return
	}
	var path strings.Builder
	for _, pt := range c.points {
		fmt.Fprintf(&path, "%.1f,%.1f ", p.x.at(pt[0])*panelWide, panelHigh*(1-p.y.at(pt[1])))
	}
	dash := ""
	if c.dashed {
		dash = ` stroke-dasharray="5 4"`
	}
	fmt.Fprintf(b, `<polyline points="%s" fill="none" stroke="%s" stroke-width="2"%s/>`+"\n", strings.TrimSpace(path.String()), colours[c.system], dash)
}

// round takes the dust of binary fractions off a tick.
func round(v float64) float64 { return math.Round(v*1e6) / 1e6 }
