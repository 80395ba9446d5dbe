export function metricsPage(view) { view.element.append(...view.heading('metrics')); }
