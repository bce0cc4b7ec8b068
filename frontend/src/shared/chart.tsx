/** An ECharts chart in SVG with a spoken description and patterns; the table twin is the caller's. */
import { BarChart, LineChart } from "echarts/charts";
import { AriaComponent, GridComponent, LegendComponent, MarkLineComponent, TooltipComponent } from "echarts/components";
import { init, use as register, type EChartsCoreOption, type EChartsType } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";
import { useEffect, useRef } from "react";
import { useThemeName } from "./theme_context";

register([
  BarChart,
  LineChart,
  AriaComponent,
  GridComponent,
  LegendComponent,
  MarkLineComponent,
  TooltipComponent,
  SVGRenderer,
]);

export function Chart({ option, height = 240, label }: { option: EChartsCoreOption; height?: number; label: string }) {
  const place = useRef<HTMLDivElement>(null);
  const chart = useRef<EChartsType | null>(null);
  const theme = useThemeName();
  useEffect(() => {
    const element = place.current;
    if (!element) return;
    const drawn = init(element, theme === "dark" ? "dark" : undefined, { renderer: "svg" });
    chart.current = drawn;
    const watcher = new ResizeObserver(() => drawn.resize());
    watcher.observe(element);
    return () => {
      watcher.disconnect();
      drawn.dispose();
      chart.current = null;
    };
  }, [theme]);
  useEffect(() => {
    const common = { aria: { enabled: true, decal: { show: true }, label: { description: label } }, animation: false };
    chart.current?.setOption({ backgroundColor: "transparent", ...common, ...option }, { notMerge: true });
  }, [option, label, theme]);
  return <div ref={place} role="img" aria-label={label} style={{ height, width: "100%" }} />;
}
