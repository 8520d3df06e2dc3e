// Which call this tab had on its softphone, so that a reloaded or crashed page
// takes the phone up again by itself when the controller rings it for that very
// call. In sessionStorage: other tabs do not see it, a restored tab does.

const place = "linekeeper.leg";

export const keepLeg = (call: string): void => sessionStorage.setItem(place, call);
export const dropLeg = (): void => sessionStorage.removeItem(place);
export const leftLeg = (): string | undefined => sessionStorage.getItem(place) ?? undefined;
