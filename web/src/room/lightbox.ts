/** Photos over the whole screen: pinch, keyboard, one after the other. Loaded when first wanted. */
import PhotoSwipe from 'photoswipe'
import 'photoswipe/style.css'

export interface Photo {
  src: string
  thumb: string
  alt: string
  width: number
  height: number
}

export interface LightboxWords {
  title: string
  close: string
  zoom: string
  previous: string
  next: string
  error: string
}

export function openLightbox(photos: readonly Photo[], index: number, words: LightboxWords): void {
  const box = new PhotoSwipe({
    dataSource: photos.map(({ src, thumb, alt, width, height }) => ({ src, msrc: thumb, alt, width, height })),
    index,
    bgOpacity: 0.94,
    loop: false,
    wheelToZoom: true,
    closeTitle: words.close,
    zoomTitle: words.zoom,
    arrowPrevTitle: words.previous,
    arrowNextTitle: words.next,
    errorMsg: words.error,
    showHideAnimationType: matchMedia('(prefers-reduced-motion: reduce)').matches ? 'none' : 'fade',
  })
  box.on('bindEvents', () => box.element?.setAttribute('aria-label', words.title))
  box.init()
}
