import{$a as tt,A as Re,Ab as ct,Ac as At,B as Pe,Bb as mt,C as O,Ca as Ge,Cb as ut,D as M,Da as Ye,Db as ft,E as _,Ec as U,F as qe,Fc as Ft,G as he,Ga as Je,Gb as dt,Gc as K,H as G,Ha as Ve,Hb as pt,Ia as Qe,Ib as $t,Ja as Xe,Jb as ht,Jc as Bt,Ka as ne,La as ie,Ma as q,Mb as x,Na as Q,Nb as gt,P as Ie,Sb as be,T as ee,Tb as yt,Ub as ke,Vb as ce,W as te,X as Oe,Xa as Ze,Xb as X,Y as _e,Ya as se,Yb as we,Za as et,_ as Y,ac as vt,b as Le,bc as bt,c as $,ca as N,d as y,dc as kt,e as z,ec as wt,f as B,fa as oe,g as Ae,ga as w,ha as re,ia as g,j as pe,ja as R,jb as ot,kb as rt,l as Fe,lb as ye,lc as H,m as o,ma as Ne,mb as nt,mc as P,n as p,na as J,nb as ae,nc as me,o as $e,oa as De,pa as He,pc as Se,qa as Ue,qc as St,ra as Ke,rb as ve,rc as xt,sa as je,sb as it,sc as ue,t as Z,ta as ge,tc as Tt,u as Be,ua as V,v as Ee,va as L,vc as Ct,w as Me,wb as le,wc as I,x as k,xb as st,y as W,ya as ze,yb as at,yc as Lt,za as We,zb as lt}from"./chunk-NT64A64T.js";function Et({workspace:e,current:t}){if(e.connections.loaded.value&&!e.uploadsByHand&&!t)return null;let r=e.yourTurn.length;return o`
		<a href=${k("/upload")} aria-current=${t}>To upload${r>0&&o`${" "}<span class="count">${r}<span class="hidden"> waiting</span></span>`}</a>`}var Mt=[{keys:["j","k"],does:"Next or previous meeting"},{keys:["\u2193","\u2191"],does:"The same, from a meeting"},{keys:["x"],does:"Select the meeting"},{keys:["Enter"],does:"Open the meeting"},{keys:["/"],does:"Filter by title"},{keys:["Ctrl K","\u2318 K"],does:"Go to a page or a meeting"},{keys:["?"],does:"Show these keys"}];function fe({target:e}){let t=e;return t?.closest?.("dialog, textarea, select, [contenteditable]")?!0:t instanceof HTMLInputElement&&t.type!=="checkbox"}var ho={fathom:"Fathom",loom:"Loom",automation:"Automation",notifications:"Notifications",storage:"Storage",security:"Security",tokens:"API tokens",data:"Your data",appearance:"Appearance"};function Rt({jobs:e,fathom:t},r){let n=r.toLowerCase().split(/\s+/).filter(Boolean),i=[{name:"Meetings",address:k("/")},...re.flatMap(({state:l,label:a})=>l?[{name:`Meetings: ${a}`,address:k(`/?state=${l}`)}]:[]),{name:"Activity",address:k("/activity")},...Be.map(l=>({name:`Settings: ${ho[l]}`,address:O(l)})),{name:"Help",address:k("/help")},...t?[{name:"Sync now",run:()=>{e.sync().catch(()=>{})}}]:[]].filter(({name:l})=>n.every(a=>l.toLowerCase().includes(a)));return n.length?[...i,{name:`Search for \u201C${r.trim()}\u201D in everything`,address:Re(r.trim())}]:i}function j({label:e,onClose:t,children:r}){let n=B(null);return y(()=>{let{current:i}=n;return i?.showModal(),()=>i?.close()},[]),o`
		<dialog class="sheet" ref=${n} aria-label=${e} onClose=${t} onClick=${i=>i.target===n.current&&t()}>
			<div class="sheet-body">${r}</div>
		</dialog>`}var go=150,yo=8;function Pt({workspace:e,onClose:t}){let[r,n]=$(""),[s,i]=$([]),[l,a]=$(0);y(()=>{let d=r.trim();if(!d){i([]);return}let v=!0,A=setTimeout(async()=>{try{let{items:T}=await e.db.send("/api/library",{method:"GET",query:{title:d,limit:yo,counts:!1}});v&&i(T.map(({id:S,title:F,recorded_at:de})=>({name:F||"Untitled meeting",hint:ee(de),address:W(S)})))}catch{v&&i([])}},go);return()=>{v=!1,clearTimeout(A)}},[r]);let f=[...Rt(e,r),...s],c=Math.min(l,f.length-1),m=d=>{d&&(t(),d.address&&_(d.address),d.run?.())},u=d=>{let v={ArrowDown:1,ArrowUp:-1};if(d.key==="Enter")m(f[c]);else if(v[d.key]&&f.length)a((c+v[d.key]+f.length)%f.length);else return;d.preventDefault()};return o`
		<${j} label="Go to" onClose=${t}>
			<input type="text" role="combobox" autofocus placeholder="Go to a page or a meeting" aria-label="Go to a page or a meeting" autocomplete="off" maxlength="200"
				aria-expanded="true" aria-controls="palette-list" aria-activedescendant=${f.length?`command-${c}`:void 0} value=${r} onKeyDown=${u}
				onInput=${d=>{n(d.currentTarget.value),a(0)}} />
			<ul id="palette-list" class="palette" role="listbox" aria-label="Pages and meetings">
				${f.map((d,v)=>o`
					<li key=${d.address??d.name} id=${`command-${v}`} role="option" aria-selected=${v===c?"true":"false"} onClick=${()=>m(d)}>
						<span dir="auto">${d.name}</span>${d.hint&&o`<span class="muted">${d.hint}</span>`}
					</li>`)}
			</ul>
			<p class="hidden" role="status">${f.length?"":"Nothing found"}</p>
			${!f.length&&o`<p class="muted">Nothing found.</p>`}
		</${j}>`}function qt({onClose:e}){return o`
		<${j} label="Keyboard shortcuts" onClose=${e}>
			<h2>Keyboard shortcuts</h2>
			<dl class="shortcuts">
				${Mt.map(({keys:t,does:r})=>o`<dt key=${r}>${t.map(n=>o`<kbd key=${n}>${n}</kbd> `)}</dt><dd>${r}</dd>`)}
			</dl>
			<${p} kind="quiet" onClick=${e}>Close</${p}>
		</${j}>`}function It({workspace:e}){let[t,r]=$("");y(()=>{let s=i=>{if(i.defaultPrevented||i.altKey||document.querySelector("dialog[open]"))return;let l=i.ctrlKey||i.metaKey;if(l&&i.key.toLowerCase()==="k")r("palette");else{if(l||fe(i))return;if(i.key==="?")r("shortcuts");else if(i.key==="/")vo();else return}i.preventDefault()};return addEventListener("keydown",s),()=>removeEventListener("keydown",s)},[]);let n=s=>r(i=>i===s?"":i);return t==="palette"?o`<${Pt} workspace=${e} onClose=${()=>n("palette")} />`:t==="shortcuts"?o`<${qt} onClose=${()=>n("shortcuts")} />`:null}function vo(){M.value.page!=="meetings"&&_(k("/")),requestAnimationFrame(()=>document.getElementById("title-filter")?.focus())}function Ot(e){let t=pe(null),r=pe(!1),n=null,s=()=>{r.value=!1,n??=e().then(l=>{t.value=l},()=>{n=null,r.value=!0})};return{Later:({name:l,...a})=>t.value?o`<${t.value[l]} ...${a} />`:r.value?o`
				<div class="page narrow">
					<${g}>This page could not be loaded. <${p} kind="link" onClick=${()=>location.reload()}>Reload</${p}></${g}>
				</div>`:(queueMicrotask(s),o`<div class="page"><${R} label="Loading" /></div>`),preload:s}}var _t=()=>o`
	<div class="page">
		<section class="empty" role="alert">
			<h1>This page cannot be displayed</h1>
			<p>Reload it. If this keeps happening, contact the operator.</p>
			<${p} kind="quiet" onClick=${()=>location.reload()}>Reload page</${p}>
		</section>
	</div>`;var Nt=()=>o`
	<div class="foot">
		<div role="status"><${bo} /></div>
		<div role="status">${J.lostAt.value>0&&o`
			<p class="server-lost"><span class="dots" aria-hidden="true"><i /><i /><i /></span>${ko(J.lostAt.value)}</p>`}</div>
	</div>`;function bo(){let e=He.value;if(!e)return null;let t=()=>Ke().catch(r=>Ue(V(r)));return o`<p class="toast">${e.text}${e.undo&&o` <${p} kind="link" onClick=${t}>Undo</${p}>`}</p>`}var ko=e=>`Can\u2019t reach the server. Reconnecting\u2026 What you see is from ${te(new Date(e).toISOString())}.`;function Dt({notice:e}){let[t,r]=$(M.value.page==="sign-up"),[n,s]=$(!1),[i,l]=$([]);y(()=>{it().then(()=>s(!0)),Ne.collection("users").listAuthMethods().then(d=>l(d.oauth2.enabled?d.oauth2.providers:[]),()=>{})},[]);let a=x($t),f=Je.value!==null;y(()=>{f&&a.run()},[]);let c=lt.value,m=B(!1);y(()=>{m.current&&!c&&document.getElementById("email")?.focus(),m.current=c!==null},[c]);let u=t?"Create account":"Sign in";return c&&(u="Enter your code"),y(()=>{ce.value=u},[u]),o`
		<main class="auth">
			<section class="pitch">
				<p class="brand"><${G} /><span>Fathom-to-Loom</span></p>
				<h1>Move your Fathom meetings to Loom.</h1>
				<p class="lead">Copy each video, and keep its summary, action items and transcript in your own database.</p>
			</section>
			<section class="card form-card">
				<h2>${u}</h2>
				${e&&!c&&o`<${g} kind="note">${e}</${g}>`}
				${c&&o`<${wo} key=${c.mfaId} />`}
				${a.busy&&o`<${R} label="Signing in" />`}
				${a.error&&!c&&o`<${g}>${V(a.error)}</${g}>`}
				${!c&&!a.busy&&o`
					<${xo} key=${String(t)} isNew=${t} />
					${i.length>0&&o`<${Fo} providers=${i} />`}
					${n?o`<${So} isNew=${t} onClick=${()=>r(!t)} />`:o`<p class="switch" aria-hidden="true">${"\xA0"}</p>`}`}
			</section>
		</main>`}function wo(){return o`
		<${yt} id="code" send=${mt} submit=${ut} label="Sign in" onCancel=${ft} cancelLabel="Back to sign-in" />
		<p class="muted">You can’t read mail at this address any more? Ask <${ke} />.</p>`}function So({isNew:e,onClick:t}){let{signUp:r}=ve.value;return r==="closed"?o`<p class="switch">New here? Ask <${ke} /> for an account.</p>`:o`
		<p class="switch">
			${e?"Already have an account?":r==="invite"?"Accounts are by invitation. Were you invited?":"New here?"}${" "}
			<${p} kind="link" onClick=${t}>${e?"Sign in":"Create account"}</${p}>
		</p>`}function xo({isNew:e}){let{run:t,busy:r,error:n,clear:s}=x(e?dt:ct),[i,l]=$(""),a=u=>{u.preventDefault();let d=new FormData(u.currentTarget),v=String(d.get("email")).trim();l(v),t(v,String(d.get("password")))};if(Co(n))return o`<${Lo} isNew=${e} email=${i} onBack=${s} />`;let f=To(n)?"An account with this e-mail already exists. Sign in instead.":ge(n,"email"),c=ge(n,"password"),m=n&&!f&&!c;return o`
		<form onSubmit=${a}>
			<${be} id="email" label="E-mail" type="email" required autocomplete="username" error=${f}
				hint=${e&&ve.value.signUp==="invite"?"The address that was invited.":""} />
			<${be} id="password" label="Password" type="password" required minlength=${e?8:void 0}
				autocomplete=${e?"new-password":"current-password"} error=${c}
				hint=${e?"At least 8 characters.":""} />
			${m&&o`<${g}>${!e&&je(n)===400?"Wrong e-mail or password.":L(n)}</${g}>`}
			<${p} type="submit" busy=${r}>${Ao(e,r)}</${p}>
		</form>
		${!e&&o`<p class="switch"><a href=${k("/forgot-password")}>Forgot your password?</a></p>`}`}var To=e=>e?.response?.data?.email?.code==="validation_not_unique",Co=e=>e?.response?.data?.email?.code==="validation_not_verified";function Lo({isNew:e,email:t,onBack:r}){return o`
		<div>
			<${g} kind="note">
				${e&&"Your account was created. "}To confirm your address, open the link in the message that was sent to ${t}. Then sign in.
			</${g}>
			<${gt} email=${t} label="Send the message again" />
			${!e&&o`<p><${p} kind="link" onClick=${r}>Back to the form</${p}></p>`}
		</div>`}function Ao(e,t){return e?t?"Creating account\u2026":"Create account":t?"Signing in\u2026":"Sign in"}function Fo({providers:e}){let[t,r]=$(""),{run:n,busy:s,error:i}=x(pt),l=a=>{r(a),n(a)};return o`
		<div class="oauth">
			<p class="or"><span>or</span></p>
			${e.map(({name:a,displayName:f})=>{let c=s&&t===a,m=f||a;return o`
					<${p} key=${a} kind="quiet" busy=${c} disabled=${s} onClick=${()=>l(a)}>
						${c?`Waiting for ${m}\u2026`:`Continue with ${m}`}
					</${p}>`})}
			${i&&o`<${g}>${V(i)}</${g}>`}
		</div>`}function Ht({workspace:e}){let[t,r]=$(null),{your_turn:n,on_loom:s,kept_here:i}=e.meetings.states.value;return y(()=>{e.db.send("/api/usage",{}).then(r,()=>{})},[n+s+i]),t?o`<a class="storage-glance muted" href=${O("storage")}>${N(t.bytes)}${t.quota>0&&` of ${N(t.quota)}`} used</a>`:null}function Ut({workspace:e}){let{meetings:t}=e,{view:r}=t,{filter:n,sort:s,view:i}=r.value,{types:l}=t.overview.value,a=(u,d=!1)=>_(q({...r.value,filter:{...r.value.filter,...u}}),{replace:d}),f=u=>a({min_minutes:void 0,max_minutes:void 0,...ne(`length=${u}`).filter}),c=["from","to","person","type"].filter(u=>n[u]).length+(ie(n)?1:0),m=u=>d=>u(d.currentTarget.value);return o`
		<div class="library-bar">
			<${Eo} meetings=${t} />
			<div class="library-line">
				<div class="filter" role="search">
					<label class="hidden" for="title-filter">Filter meetings by title</label>
					<${Ie} />
					<input id="title-filter" type="search" placeholder="Filter by title" autocomplete="off" maxlength="200" value=${n.title??""}
						onInput=${m(u=>a({title:u},!0))} />
				</div>
				<label class="sort"><span class="hidden">Sort</span>
					<select value=${s} onChange=${m(u=>_(q({...r.value,sort:u})))}>
						${Qe.map(([u,d])=>o`<option key=${u} value=${u} selected=${u===s}>${d}</option>`)}
					</select>
				</label>
			</div>
			<div class="library-foot">
				<details class="more-filters">
					<summary>${c?`Filters (${c})`:"Filters"}</summary>
					<div class="filter-fields">
						<label>From<input type="date" value=${n.from??""} onChange=${m(u=>a({from:u}))} /></label>
						<label>To<input type="date" value=${n.to??""} onChange=${m(u=>a({to:u}))} /></label>
						<label>Person<input type="search" maxlength="200" autocomplete="off" placeholder="Name or address" value=${n.person??""} onChange=${m(u=>a({person:u}))} /></label>
						${l.length>0&&o`
							<label>Type
								<select value=${n.type??""} onChange=${m(u=>a({type:u}))}>
									<option value="">Any type</option>
									${l.map(u=>o`<option key=${u} value=${u} selected=${u===n.type}>${u}</option>`)}
								</select>
							</label>`}
						<label>Length
							<select value=${ie(n)} onChange=${m(f)}>
								${Xe.map(([u,d])=>o`<option key=${u} value=${u} selected=${u===ie(n)}>${d}</option>`)}
							</select>
						</label>
						<button type="button" class="button primary filters-done" onClick=${Bo}>Done</button>
					</div>
				</details>
				${Q(n)&&o`<a href=${q({...r.value,filter:{}})}>Clear filters</a>`}
				<p class="muted" role="status">${!t.loading.value&&w(t.total,"meeting")}</p>
				<${Ht} workspace=${e} />
				<a href=${q({...r.value,view:i==="grid"?"list":"grid"})}>${i==="grid"?"Show a list":"Show a grid"}</a>
			</div>
		</div>`}function Bo({currentTarget:e}){let t=e.closest("details");t.open=!1,t.querySelector("summary").focus()}function Eo({meetings:e}){let{filter:t}=e.view.value,{states:r}=e.overview.value,n=Object.values(r).reduce((s,i)=>s+i,0);return o`
		<nav class="chips" aria-label="States">
			${re.map(({state:s,label:i})=>o`
				<a key=${s} class="chip" href=${q({...e.view.value,filter:{...t,state:s||void 0}})}
					aria-current=${(t.state??"")===s?"true":void 0}>${i} <span class="count">${oe(s?r[s]:n)}</span></a>`)}
		</nav>`}function Kt({root:e,total:t,columns:r,focused:n,setFocused:s,reveal:i,firstOnScreen:l,onSelect:a}){let f=B(-1);y(()=>{if(f.current<0)return;let c=e.current?.querySelector(`[data-index="${f.current}"] .row-title`);c&&(f.current=-1,c.focus({preventScroll:!0}))}),y(()=>{let c=m=>{if(m.defaultPrevented||m.ctrlKey||m.metaKey||m.altKey||fe(m))return;let u=!!e.current?.contains(document.activeElement),d=Mo(m.key,u,r);if(d){let v=Math.min(Math.max(n<0?l():n+d,0),t-1);m.preventDefault(),f.current=v,s(v),i(v)}else m.key==="x"&&u&&n>=0&&(m.preventDefault(),a(n))};return addEventListener("keydown",c),()=>removeEventListener("keydown",c)})}function Mo(e,t,r){return e==="j"?1:e==="k"?-1:t?{ArrowDown:r,ArrowUp:-r,...r>1&&{ArrowRight:1,ArrowLeft:-1}}[e]??0:0}var Ro="(max-width: 40rem)";function jt(e,t,r){let n=()=>{let l=Number.parseFloat(getComputedStyle(document.documentElement).fontSize)||16,a=matchMedia(Ro).matches,f=(e.current?.clientWidth||Math.min(innerWidth-32,1100))/l,c={row:(a?8.5:5.5)*l,columns:1},m={row:17.5*l,columns:Math.max(1,Math.floor(f/16))};return{...t==="grid"?m:c,heading:r?3*l:0}},[s,i]=$(n);return y(()=>{let l=()=>i(a=>{let f=n();return JSON.stringify(a)===JSON.stringify(f)?a:f});return l(),addEventListener("resize",l),()=>removeEventListener("resize",l)},[t,r]),s}function zt({selection:e,meeting:t,index:r}){let n=({currentTarget:s,shiftKey:i})=>e.set(t,r,s.checked,i);return o`
		<label class="row-check">
			<input type="checkbox" checked=${e.has(t.id)} aria-label=${`Select: ${t.title||"Untitled meeting"}`} onClick=${n} />
		</label>`}function Wt({workspace:e,meeting:t,index:r,total:n,line:s,column:i,measures:{row:l,columns:a}}){let f={top:`${s*l}px`,height:`${l}px`,left:`${100*i/a}%`,width:`${100/a}%`};if(!t)return o`<li class="row selectable pending" aria-hidden="true" style=${f}><span class="thumb"></span></li>`;let c=[`${ee(t.recorded_at)}, ${te(t.recorded_at)}`,Y(t.duration),t.recorded_by?.name].filter(Boolean);return o`
		<li class="row selectable" data-index=${r} aria-setsize=${n} aria-posinset=${r+1} style=${f}>
			<${zt} selection=${e.selection} meeting=${t} index=${r} />
			<div class="row-lead">
				<${xt} posters=${e.posters} meeting=${t} />
				<div class="row-main">
					<a class="row-title" dir="auto" href=${W(t.id)}>${t.title||"Untitled meeting"}</a>
					<p class="muted">${c.join(" \xB7 ")}${t.withdrawn_at&&o` <${Se} tone="plain">No longer at Fathom</${Se}>`}</p>
				</div>
			</div>
			<div class="row-side"><${Po} workspace=${e} meeting=${t} /></div>
		</li>`}function Po({workspace:e,meeting:t}){let r=e.transferOf(t.recording_id),n=r&&e.jobs.records.value.get(r.job),s=e.stateOf(t.recording_id,tt(r)?X(...se(n,e.jobs)):Date.now()),{run:i,busy:l,error:a}=x(()=>e.jobs.transfer(t.recording_id,s.phase==="failed"?et(n):{}),"The copy starts.",()=>()=>e.jobs.cancelTransfer(t.recording_id)),f=u=>o`
		<${p} kind="quiet small" busy=${l} aria-label=${`${u}: ${t.title}`} onClick=${i}>${u}</${p}>
		${a&&o`<span class="error" role="alert">${L(a)}</span>`}`,c=ze(r?.share_url||t.loom_url),m=o`<${St} state=${s} />`;switch(s.phase){case"done":return o`${m}${c&&o`<${we} href=${c}>Watch on Loom</${we}>`}`;case"upload":return o`${m}<a class="button quiet small" href=${W(t.id)}>Upload to Loom</a>`;case"waiting":return o`${m}<p class="row-reason muted">${s.detail}</p>`;case"running":return o`${m}<${vt} workspace=${e} transferID=${r?.id??""} state=${s} name=${`Progress of ${t.title}`} />`;case"failed":return o`${m}${f("Retry")}`;case"none":return o`${m}${f(P(e.delivery))}`;default:return m}}function Gt({sections:e,current:t,root:r}){let n=new Map;for(let i of e){let l=i.name.slice(0,4);l&&!n.has(l)&&n.set(l,i)}if(n.size<2)return null;let s=i=>scrollBy({top:(r.current?.getBoundingClientRect().top??0)+i});return o`
		<nav class="years" aria-label="Years">
			${[...n].map(([i,{top:l}])=>o`
				<button type="button" key=${i} aria-current=${t.startsWith(i)?"true":void 0} onClick=${()=>s(l)}>${i}</button>`)}
		</nav>`}var Yt=3,qo=50;function Jt({workspace:e}){let{meetings:t,selection:r}=e,{sort:n,view:s}=t.view.value,{months:i,total:l}=t.overview.value,a=n==="newest"||n==="oldest",f=B(null),c=jt(f,s,a),m=Ae(()=>ot(a?i.map(({month:h,count:b})=>({name:h,count:b})):[{name:"",count:l}],c),[i,l,a,c]),[u,d]=$({top:0,bottom:globalThis.innerHeight});z(()=>{let h=()=>{let b=c.row,C=Math.floor(-(f.current?.getBoundingClientRect().top??0)/b)*b;d(D=>D.top===C&&D.bottom===C+innerHeight+b?D:{top:C,bottom:C+innerHeight+b})};return h(),addEventListener("scroll",h,{passive:!0}),addEventListener("resize",h),()=>{removeEventListener("scroll",h),removeEventListener("resize",h)}},[c,m]);let[v,A]=l<=qo?[0,l]:ae(m,u.top-Yt*c.row,u.bottom+Yt*c.row);y(()=>t.want(v,A),[v,A,t.pages.value]);let[T,S]=$(-1),F=h=>{let b=(f.current?.getBoundingClientRect().top??0)+nt(m,h),C=c.heading+c.row;b<C?scrollBy({top:b-C}):b+c.row>innerHeight-16&&scrollBy({top:b+2*c.row-innerHeight})};Kt({root:f,total:l,columns:c.columns,focused:T,setFocused:S,reveal:F,firstOnScreen:()=>ae(m,u.top+c.row,u.bottom)[0],onSelect:h=>{let b=t.at(h);b&&r.set(b,h,!r.has(b.id))}});let de=({target:h})=>S(Number(h.closest("[data-index]")?.dataset.index??-1)),po=({relatedTarget:h})=>h&&!f.current?.contains(h)&&S(-1),Ce=new Set(rt(v,A));T>=0&&T<l&&Ce.add(T);let $o=m.sections.filter(h=>h===ye(m,T)||h.first<A&&h.first+h.count>v);return o`
		<div class=${`library ${s}`} ref=${f} aria-busy=${t.loading.value?"true":void 0} style=${{height:`${m.height}px`}} onFocusIn=${de} onFocusOut=${po}>
			${$o.map(h=>o`
				<section class="month" key=${h.name||"all"} style=${{top:`${h.top}px`,height:`${h.height}px`}}>
					${a&&o`<h2>${Oe(h.name)}</h2>`}
					<ul class="rows" style=${{height:`${h.height-c.heading}px`}}>
						${[...Ce].filter(b=>b>=h.first&&b<h.first+h.count).sort((b,C)=>b-C).map(b=>{let C=b-h.first,D=t.at(b);return o`<${Wt} key=${D?.id??b} workspace=${e} meeting=${D} index=${b} total=${l}
								line=${Math.floor(C/c.columns)} column=${C%c.columns} measures=${c} />`})}
					</ul>
				</section>`)}
		</div>
		${a&&o`<${Gt} sections=${m.sections} current=${ye(m,ae(m,u.top+c.row,u.bottom)[0])?.name??""} root=${f} />`}`}function Vt({workspace:e}){let{selection:t,meetings:r,db:n}=e,s=t.meetings.filter(({recording:c})=>c);if(!s.length)return null;let i=async()=>{try{for(let{recording:c=""}of s)await n.collection("recordings").delete(c);t.clear()}finally{r.refreshSoon()}},l=N(s.reduce((c,{size:m=0})=>c+m,0)),a=s.filter(({recording_id:c})=>e.transferOf(c)?.status!=="delivered").length,f=a?` ${w(a,"of them is","of them are")} not on Loom yet. You can copy ${a===1?"it":"them"} again.`:" The videos on Loom are kept.";return o`
		<${I} label=${`Delete ${w(s.length,"copy","copies")}`} confirmLabel="Delete" action=${i}
			question=${`Delete ${w(s.length,"video")} here and free ${l}?${f}`} />`}function Qt({workspace:{selection:e,lookup:t}}){let[r,n]=$(!1),[s,i]=$([]),l=e.meetings.filter(({recording:m})=>m).map(({recording_id:m})=>m),a=new Set(s.map(({recording_id:m})=>m)),f=l.filter(m=>!a.has(m)),c=s.map(({recording_id:m,url:u})=>[t.get(m)?.title,u].filter(Boolean).join(": "));return l.length?o`
		${f.length>0&&!r&&o`<${p} kind="quiet small" onClick=${()=>n(!0)}>Share ${w(f.length,"recording")}</${p}>`}
		${f.length>0&&r&&o`
			<${At} recordingIDs=${f} onCancel=${()=>n(!1)}
				onSaved=${m=>i(u=>[...u,m])} />`}
		${s.length>0&&o`<${Lt} id="selected-links" label=${`Anybody with ${s.length===1?"the link":"a link"} can watch the recording`} text=${c.join(`
`)} />`}`:null}function Xt({workspace:e}){let{selection:t,meetings:r}=e,[n,s]=$(null),[i,l]=$({}),{count:a,bytes:f,seconds:c}=t.summary,{run:m,busy:u,error:d,clear:v}=x(async F=>{s(null),s(await e.transferMany(t.request,F?i:{deliver:F})),t.clear()}),A=({currentTarget:{checked:F}})=>{v(),F?t.selectAll():t.clear()},T=a>0&&a===r.total,S=[`${oe(a)} selected`,f?N(f):Y(c)&&`${Y(c)} of recordings`];return o`
		<div class=${`selection${a?" open":""}`} role="group" aria-label="Selected meetings">
			<label>
				<input type="checkbox" checked=${T} indeterminate=${a>0&&!T} onChange=${A} />
				${r.total===1?"Select the meeting":`Select all ${w(r.total,"meeting")}`}
			</label>
			<span class="muted" aria-live="polite">${a>0&&S.filter(Boolean).join(" \xB7 ")}</span>
			${a>0&&o`
				<div class="actions">
					${e.fathom&&o`
						<${p} kind="primary small" busy=${u} onClick=${()=>m(!0)}>${P(H(e.delivery,i),a)}</${p}>
						<${p} kind="quiet small" busy=${u} onClick=${()=>m(!1)}>Only keep a copy here</${p}>`}
					<${Ct} kind="quiet small" db=${e.db} selection=${t.request} />
					<${Qt} key=${t.meetings.map(({id:F})=>F).join()} workspace=${e} />
					<${Vt} workspace=${e} />
					<${p} kind="link" onClick=${()=>t.clear()}>Clear</${p}>
				</div>
				${e.fathom&&o`<${U} workspace=${e} id="selected" choice=${i} onChange=${l} many=${!0} />`}`}
			${d&&o`<${g}>${L(d)}</${g}>`}
			${!a&&o`<${K} result=${n} />`}
		</div>`}function Zt({workspace:e}){let{run:t,busy:r,error:n}=x(()=>e.jobs.sync({full:!0}));return o`
		<${p} kind="link" busy=${r} onClick=${t}>Check all meetings</${p}>
		${n&&o`<span class="error" role="alert">${L(n)}</span>`}`}var Io=50;function eo({workspace:{db:e},sync:t}){let[r,n]=$(null),{run:s,error:i}=x(async()=>n(await e.collection("unreadable_meetings").getList(1,Io,{sort:"-created"})));return y(()=>{s()},[t.id,t.finished_at]),i?o`<p class="error" role="alert">${L(i)} <${p} kind="link" onClick=${s}>Try again</${p}></p>`:r?.totalItems?o`
		<details class="unreadable">
			<summary>${w(r.totalItems,"meeting")} at Fathom could not be read</summary>
			<p>Nothing is lost: a later version of this server tries them again. So does a check of all meetings, if Fathom changes them.</p>
			<ul class="notices">
				${r.items.map(({id:l,recording_id:a,reason:f})=>o`
					<li key=${l}><strong>${a?`Recording ${a}`:"A meeting without an id"}</strong> <span class="muted">${f}</span></li>`)}
			</ul>
			${r.totalItems>r.items.length&&o`<p class="muted">The latest ${r.items.length} are shown.</p>`}
		</details>`:null}function to({workspace:e}){let t=e.jobs.lastSync;return o`
		<div class="sync-status">
			<div aria-live="polite">
				${t?.status==="dead"?o`<p class="error">Last sync failed: ${t.error}</p>`:o`<p class="muted">${Oo(e.jobs,t)}</p>`}
			</div>
			${t&&$e(t)&&o`<${bt} kind="link" jobs=${e.jobs} job=${t} title="Sync meetings" />`}
			${t&&!$e(t)&&e.fathom&&o`<${Zt} workspace=${e} />`}
			${t&&o`<${eo} workspace=${e} sync=${t} />`}
		</div>`}function Oo(e,t){switch(t?.status){case"pending":case"failed":{let r=Ze(t,e,X(...se(t,e)));return t.stage?`Syncing with Fathom: ${t.stage}. ${r}`:`The sync waits. ${r}`}case"processing":return`Syncing with Fathom: ${t.stage||"starting"}`;case"completed":return`Synced ${_e(t.finished_at,X(t.finished_at))} \xB7 ${_o(t.result)}`;case"cancelled":return"Last sync cancelled.";default:return""}}function _o(e){return[e?.added?w(e.added,"new meeting"):"",e?.updated?`${e.updated} updated`:"",e?.withdrawn?`${e.withdrawn} no longer at Fathom`:""].filter(Boolean).join(", ")||"no changes"}function oo({workspace:e}){let[t,r]=$(null),[n,s]=$({}),i=e.meetings.states.value.at_fathom,l=async()=>r(await e.transferMany({library:{state:"at_fathom"}},n)),a=H(e.delivery,n);return o`
		${i>0&&o`
			<${I} kind="primary" label=${P(e.delivery,i)} confirmLabel=${P(a,i)}
				question=${me(a,i)} action=${l}>
				<${U} workspace=${e} id="all" choice=${n} onChange=${s} many=${!0} />
			</${I}>`}
		<${K} result=${t} />`}function no({workspace:e}){let[t,r]=$(null),[n,s]=$(null),[i,l]=$({}),{meetings:a}=e,f=H(e.delivery,i),c={library:a.filter},{run:m,error:u}=x(async S=>{s(await e.transferMany(c,{...S,dryRun:!0}))}),d=a.total;if(!d||a.loading.value)return null;let v=async()=>{let S=await e.transferMany(c,{...i,dryRun:!0});if(!S.created)throw new Error(ro(S,f));s(S)},A=S=>{l(S),S.byHand!==i.byHand&&m(S)},T=async()=>r(await e.transferMany(c,i));return o`
		<${I} kind="primary" label=${`Copy ${w(d,"matching meeting")}`} confirmLabel=${P(f,n?.created)} prepare=${v}
			question=${n?ro(n,f):""} action=${T}>
			<${U} workspace=${e} id="matching" choice=${i} onChange=${A} many=${!0} />
			${u&&o`<${g}>${L(u)}</${g}>`}
		</${I}>
		<${K} result=${t} />`}function ro({created:e,active:t,skipped:r,waiting:n},s){let i=Ft({active:t,skipped:r,waiting:n});return e?`${me(s,e)} ${i}`:`There is nothing to copy. ${i}`}var xe="first-run";function io({user:e,meetings:t,fathom:r},n){let s=B(void 0),i=sessionStorage.getItem(xe)===e.id;n?s.current=!0:!i&&!s.current?s.current=!1:s.current===void 0&&t.loaded.value&&(s.current=t.states.value.at_fathom===t.totalOfAll.value);let l=s.current?n||!!r:s.current??void 0;return y(()=>{n?sessionStorage.setItem(xe,e.id):i&&s.current===!1&&sessionStorage.removeItem(xe)},[n,i,s.current]),l}function ao({workspace:e,query:t}){let{meetings:r,selection:n}=e;z(()=>{let u=ne(t);JSON.stringify(u.filter)!==JSON.stringify(r.view.value.filter)&&n.clear(),r.show(u)},[t]),z(()=>{let u=r.scroll;requestAnimationFrame(()=>scrollTo(0,u));let d=()=>{r.scroll=scrollY};return addEventListener("scroll",d,{passive:!0}),()=>removeEventListener("scroll",d)},[]);let s=r.loaded.value&&e.connections.loaded.value,i=r.error.value||e.connections.error.value,l=s&&!r.totalOfAll.value,a=io(e,l),f=s&&a!==void 0,c=e.fathom?.status==="invalid",m=!c&&o`<${to} workspace=${e} />`;return o`
		<div class="page">
			<div class="page-head">
				<div>
					<${ue} title="Meetings" />
					${f&&!a&&m}
				</div>
				${f&&!a&&e.fathom&&o`<${so} workspace=${e} />`}
			</div>
			${c&&!(a&&l)&&o`
				<${g}>${e.fathom?.reason||"Fathom does not accept your API key."} <a href=${O("fathom")}>Replace the key</a></${g}>`}
			${f&&!l&&!e.fathom&&o`
				<${g} kind="note">No Fathom API key is saved, so new meetings are not synced. <a href=${O("fathom")}>Connect Fathom</a></${g}>`}
			${i&&o`<${g}>${i} <${p} kind="link" onClick=${()=>No(e)}>Try again</${p}></${g}>`}
			${!f&&!i&&o`<${R} label="Loading meetings" />`}
			${f&&a&&o`<${wt} workspace=${e} />`}
			${f&&a&&!l&&o`<div class="first-tools"><div>${m}</div><${so} workspace=${e} /></div>`}
			${f&&!l&&o`<${Tt} /><${Ut} workspace=${e} /><${Do} workspace=${e} />`}
		</div>`}function No(e){e.meetings.refresh(),e.connections.reload(),e.transfers.reload()}function so({workspace:e}){let{meetings:t}=e,r=Q(t.view.value.filter);return o`
		<div class="actions list-actions">
			<${kt} workspace=${e} />
			${r?o`<${no} key=${JSON.stringify(t.filter)} workspace=${e} />`:o`<${oo} workspace=${e} />`}
		</div>`}function Do({workspace:e}){let{meetings:t}=e,{view:r}=t;return t.total?o`
		<${Xt} workspace=${e} />
		<${Jt} workspace=${e} />`:t.loading.value?o`<${R} label="Searching" />`:o`
			<section class="empty">
				<h2>No matches</h2>
				<p>${r.value.filter.title?`No meeting has \u201C${r.value.filter.title.trim()}\u201D in its title${Q({...r.value.filter,title:""})?" and matches the filters":""}.`:"No meeting matches the filters."}</p>
				<a class="button quiet" href=${q({...r.value,filter:{}})}>Show all meetings</a>
			</section>`}var lo=()=>o`
	<div class="page narrow">
		<${ue} title="Page not found" />
		<p>There is no page at this address. It may have been moved, or the link is incomplete.</p>
		<p><a class="button primary" href=${k("/")}>Go to your meetings</a></p>
	</div>`;var{Later:E,preload:Ho}=Ot(()=>import("./more_pages-VEKMUVLO.js"));function co(){let e=le.value,{page:t}=M.value;if(Ee(M.value))return o`<${E} key=${location.hash} name=${Uo[t]} token=${location.hash.slice(1)} />`;if(t==="forgot-password")return o`<${E} name="ForgotPasswordPage" />`;switch(e.phase){case"starting":return o`<main class="splash"><${R} label="Loading your meetings" /></main>`;case"offline":return o`
				<main class="splash">
					<${G} />
					<p role="alert">${e.notice}</p>
					<${p} onClick=${at}>Try again</${p}>
				</main>`;case"signed-out":return o`<${Dt} notice=${e.notice||Ko()} />`;default:return o`<${jo} key=${e.workspace.user.id} workspace=${e.workspace} />`}}var Uo={"reset-password":"ResetPasswordPage","verify-email":"VerifyEmailPage","confirm-email":"ConfirmEmailPage"};function Ko(){return M.value.page==="authorize"?"An assistant asks for access to your meetings. Sign in to decide.":We.value?"Sign in to finish connecting Atlassian.":""}function jo({workspace:e}){let t=M.value;y(()=>{let n=setTimeout(Ho,1e3);return()=>clearTimeout(n)},[]);let r=(...n)=>n.includes(t.page)?"page":void 0;return o`
		<a class="skip" href=${`${location.pathname}${location.search}#content`} onClick=${Wo}>Skip to content</a>
		<header class="top">
			<a class="brand" href=${k("/")} aria-label="Fathom-to-Loom: meetings"><${G} /><span>Fathom-to-Loom</span></a>
			<nav aria-label="Main">
				<a href=${k("/")} aria-current=${r("meetings","meeting","search")}>Meetings</a>
				<${Et} workspace=${e} current=${r("upload")} />
				<a href=${Pe()} aria-current=${r("activity")}>Activity</a>
				<a href=${k("/settings")} aria-current=${r("settings","atlassian-callback")}>Settings</a>
				<a href=${k("/help")} aria-current=${r("help")}>Help</a>
			</nav>
			<div class="user">
				<span class="email" title=${e.user.email}>${e.user.email}</span>
				<button type="button" class="link" onClick=${ht}>Sign out</button>
			</div>
		</header>
		<main id="content" tabindex="-1" class=${J.lostAt.value>0?"stale":""}>
			<${he} key=${Me(t)} fallback=${o`<${_t} />`}>
				<${zo} workspace=${e} route=${t} />
			</${he}>
		</main>
		<${Nt} />
		<${It} workspace=${e} />`}function zo({workspace:e,route:t}){switch(t.page){case"upload":return o`<${E} name="UploadPage" workspace=${e} />`;case"activity":return o`<${E} name="ActivityPage" workspace=${e} query=${t.query} />`;case"settings":return o`<${E} name="SettingsPage" workspace=${e} section=${t.section} />`;case"help":return o`<${E} name="HelpPage" />`;case"atlassian-callback":return o`<${E} name="AtlassianCallbackPage" workspace=${e} />`;case"authorize":return o`<${E} name="AuthorizePage" query=${t.query} />`;case"meeting":return o`<${E} name="MeetingPage" workspace=${e} id=${t.id} at=${t.at} tab=${t.tab} />`;case"search":return o`<${E} name="SearchPage" workspace=${e} query=${t.query} />`;case"not-found":return o`<${lo} />`;default:return o`<${ao} workspace=${e} query=${"query"in t?t.query:""} />`}}function Wo(e){e.preventDefault(),document.getElementById("content")?.focus()}function mo(){Fe(()=>{let{value:e}=le,t=e.phase==="ready"?Go(e.workspace.jobs.transferring.value,s=>e.workspace.stateOf(s)):"";document.title=[t,ce.value,"Fathom-to-Loom"].filter(Boolean).join(" \xB7 ");let r=document.querySelector("link[rel=icon]"),n=`${Z()}/${t?"favicon-busy.svg":"favicon.svg"}`;r&&r.href!==n&&(r.href=n)})}function Go(e,t){let[r]=e;return e.size<=1?e.size?t(r).label:"":w(e.size,"copy","copies")}function fo(e){let t=[];e.addEventListener("focusin",r=>{t=Yo(r.target,e)}),document.addEventListener("pointerdown",r=>{t.length&&!t[0].contains(r.target)&&(t=[])},{capture:!0}),new MutationObserver(()=>{if(!t.length||t[0].isConnected||document.activeElement&&document.activeElement!==document.body)return;let r=Jo(t,e);t=[],r&&(r.tabIndex<0&&(r.tabIndex=-1),r.focus({preventScroll:!0}),r.scrollIntoView({block:"nearest"}))}).observe(e,{childList:!0,subtree:!0})}function Yo(e,t){let r=[];for(let n=e;n&&n!==t;n=n.parentElement)r.push(n);return r}var uo="h1, h2, h3, .row-title";function Jo(e,t){for(let{dataset:r,isConnected:n}of e){let s=!n&&r.keep&&t.querySelector(`[data-keep="${CSS.escape(r.keep)}"]`);if(s)return s.querySelector(uo)}for(let r=e.find(({isConnected:n})=>n)??t;r;r=r===t?null:r.parentElement??t){let n=r.querySelector(uo);if(n)return n}return null}Bt();Ye();Ve();addEventListener("pageshow",Ge);De(Z());qe();st();mo();var Te=document.getElementById("app");Te&&(fo(Te),Le(o`<${co} />`,Te));
